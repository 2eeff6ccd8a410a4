package io.foresell.training.fit.linear;

/** The softmax function. */
final class Softmax {
    private Softmax() {}

    /** Turns scores into probabilities in place and returns the logarithm of the sum of the scores' exponentials. */
    static double of(double[] scores) {
        return of(scores, 0, scores.length);
    }

    /** Does the same for {@code count} scores from {@code at} on. */
    static double of(double[] scores, int at, int count) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int k = at; k < at + count; k++) {
            greatest = Math.max(greatest, scores[k]);
        }
        double sum = 0;
        for (int k = at; k < at + count; k++) {
            scores[k] = Math.exp(scores[k] - greatest);
            sum += scores[k];
        }
        for (int k = at; k < at + count; k++) {
            scores[k] /= sum;
        }
        return greatest + Math.log(sum);
    }
}
