package io.foresell.training.rollout.observe;

/**
 * What came of the predictions of a version, one a subject.
 *
 * @param subjectCount different subjects; 0 when unknown
 * @param count outcomes known
 * @param mean their mean; 0 without any
 * @param meanScore the mean prediction for these; 0 without any
 */
public record OutcomeTotals(long subjectCount, long count, double mean, double meanScore) {
    /** Nothing is known. */
    public static final OutcomeTotals NONE = new OutcomeTotals(0, 0, 0, 0);

    /** Adds those of other subjects. */
    OutcomeTotals plus(OutcomeTotals other) {
        long sum = count + other.count;
        return sum == 0
                ? new OutcomeTotals(subjectCount + other.subjectCount, 0, 0, 0)
                : new OutcomeTotals(
                        subjectCount + other.subjectCount,
                        sum,
                        (count * mean + other.count * other.mean) / sum,
                        (count * meanScore + other.count * other.meanScore) / sum);
    }
}
