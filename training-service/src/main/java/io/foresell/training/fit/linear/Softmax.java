package io.foresell.training.fit.linear;

/** The softmax function. */
final class Softmax {
    private Softmax() {}

    /** Turns scores into probabilities in place and returns the logarithm of the sum of the scores' exponentials. */
    static double of(double[] scores) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            greatest = Math.max(greatest, score);
        }
        double sum = 0;
        for (int k = 0; k < scores.length; k++) {
            scores[k] = Math.exp(scores[k] - greatest);
            sum += scores[k];
        }
        for (int k = 0; k < scores.length; k++) {
            scores[k] /= sum;
        }
        return greatest + Math.log(sum);
    }
}
