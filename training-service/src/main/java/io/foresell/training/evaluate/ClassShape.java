package io.foresell.training.evaluate;

import io.foresell.training.evaluate.Evaluation.CalibrationBin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was answered to the rows of each of several classes.
 *
 * @param classes one per class, in the order of the answers
 * @param pairs how often a class got which answer: all pairs of up to {@value #MATRIX_CLASSES} classes, else the most frequent
 *     mistakes; most frequent first
 * @param confidence calibration of the likeliest class: its probability, how often it was right
 */
public record ClassShape(List<ClassRow> classes, List<Pair> pairs, List<CalibrationBin> confidence)
        implements AnswerShape {
    /** Most classes whose pairs are all kept. */
    public static final int MATRIX_CLASSES = 16;

    private static final int MAX_MISTAKES = 40;

    public ClassShape {
        classes = List.copyOf(classes);
        pairs = List.copyOf(pairs);
        confidence = List.copyOf(confidence);
    }

    /** How many rows are of a class, got it as the answer, and both. */
    public record ClassRow(String label, long actualCount, long answeredCount, long rightCount) {
        /** Returns the share of the rows answered so that are so; NaN when none was. */
        public double precision() {
            return answeredCount == 0 ? Double.NaN : rightCount / (double) answeredCount;
        }

        /** Returns the share of its rows that were found; NaN without rows. */
        public double recall() {
            return actualCount == 0 ? Double.NaN : rightCount / (double) actualCount;
        }

        /** Returns the harmonic mean of precision and recall; NaN for a class that never occurs. */
        public double f1() {
            return actualCount + answeredCount == 0 ? Double.NaN : 2.0 * rightCount / (actualCount + answeredCount);
        }
    }

    /** How many rows of the class {@code actual} were answered {@code answered}; both are indexes. */
    public record Pair(int actual, int answered, long count) {}

    static ClassShape of(List<String> labels, double[] truths, double[] probabilities) {
        int classes = labels.size();
        long[] actual = new long[classes];
        long[] answered = new long[classes];
        long[] right = new long[classes];
        boolean[] isRight = new boolean[truths.length];
        double[] confidence = new double[truths.length];
        Map<Integer, Long> counts = new HashMap<>();
        for (int row = 0; row < truths.length; row++) {
            int truth = (int) truths[row];
            int likeliest = highest(probabilities, row * classes, classes);
            isRight[row] = likeliest == truth;
            confidence[row] = probabilities[row * classes + likeliest];
            actual[truth]++;
            answered[likeliest]++;
            right[truth] += isRight[row] ? 1 : 0;
            counts.merge(truth * classes + likeliest, 1L, Long::sum);
        }
        List<ClassRow> rows = new ArrayList<>();
        for (int i = 0; i < classes; i++) {
            rows.add(new ClassRow(labels.get(i), actual[i], answered[i], right[i]));
        }
        return new ClassShape(rows, pairs(counts, classes), new Metrics(isRight, confidence).calibration());
    }

    private static List<Pair> pairs(Map<Integer, Long> counts, int classes) {
        boolean isWhole = classes <= MATRIX_CLASSES;
        return counts.entrySet().stream()
                .map(entry -> new Pair(entry.getKey() / classes, entry.getKey() % classes, entry.getValue()))
                .filter(pair -> isWhole || pair.actual() != pair.answered())
                .sorted(Comparator.comparingLong((Pair pair) -> -pair.count())
                        .thenComparingInt(Pair::actual)
                        .thenComparingInt(Pair::answered))
                .limit(isWhole ? Long.MAX_VALUE : MAX_MISTAKES)
                .toList();
    }

    private static int highest(double[] values, int from, int count) {
        int highest = 0;
        for (int i = 1; i < count; i++) {
            highest = values[from + i] > values[from + highest] ? i : highest;
        }
        return highest;
    }
}
