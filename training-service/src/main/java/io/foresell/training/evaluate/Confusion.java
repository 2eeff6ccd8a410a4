package io.foresell.training.evaluate;

/**
 * How many rows of each class were answered with which class, as far as the usual metrics ask: actual, answered and right rows per
 * class. Rows may count several times, or in part. Classes neither actual nor answered are left out of every mean.
 */
final class Confusion {
    private final double[] actual;
    private final double[] answered;
    private final double[] right;
    private double rowCount;
    private double rightCount;

    Confusion(int classes) {
        actual = new double[classes];
        answered = new double[classes];
        right = new double[classes];
    }

    void add(int label, int answer, double weight) {
        actual[label] += weight;
        answered[answer] += weight;
        rowCount += weight;
        if (label == answer) {
            right[label] += weight;
            rightCount += weight;
        }
    }

    double accuracy() {
        return rightCount / rowCount;
    }

    /** Returns the share of rows answered so that are of the class; NaN when none is answered so. */
    double precision(int label) {
        return answered[label] == 0 ? Double.NaN : right[label] / answered[label];
    }

    /** Returns the share of rows of the class that are found; NaN when there is none. */
    double recall(int label) {
        return actual[label] == 0 ? Double.NaN : right[label] / actual[label];
    }

    /** Returns the harmonic mean of precision and recall; 0 for a class that is neither there nor answered. */
    double f1(int label) {
        double both = actual[label] + answered[label];
        return both == 0 ? 0 : 2 * right[label] / both;
    }

    double macroF1() {
        double sum = 0;
        int seen = 0;
        for (int label = 0; label < actual.length; label++) {
            sum += f1(label);
            seen += actual[label] + answered[label] > 0 ? 1 : 0;
        }
        return sum / seen;
    }

    /** Returns the mean of F1 over classes, each weighing as many rows as it has. */
    double weightedF1() {
        double sum = 0;
        for (int label = 0; label < actual.length; label++) {
            sum += actual[label] * f1(label);
        }
        return sum / rowCount;
    }

    double balancedAccuracy() {
        double sum = 0;
        int present = 0;
        for (int label = 0; label < actual.length; label++) {
            if (actual[label] > 0) {
                sum += recall(label);
                present++;
            }
        }
        return sum / present;
    }

    /**
     * Returns the correlation of truth and answer in [-1, 1], of any number of classes (Gorodkin 2004, "Comparing two K-category
     * assignments by a K-category correlation coefficient"); 0 where all truths or all answers are one class.
     */
    double matthews() {
        double truths = rowCount * rowCount - products(actual, actual);
        double answers = rowCount * rowCount - products(answered, answered);
        return truths == 0 || answers == 0
                ? 0
                : (rightCount * rowCount - products(actual, answered)) / Math.sqrt(truths * answers);
    }

    /**
     * Returns by how much accuracy exceeds that of answers drawn at random in the same shares, 1 at most (Cohen 1960, "A coefficient
     * of agreement for nominal scales"); NaN where truths and answers are all of one class.
     */
    double kappa() {
        double byChance = products(actual, answered) / (rowCount * rowCount);
        return byChance == 1 ? Double.NaN : (accuracy() - byChance) / (1 - byChance);
    }

    private static double products(double[] some, double[] others) {
        double sum = 0;
        for (int i = 0; i < some.length; i++) {
            sum += some[i] * others[i];
        }
        return sum;
    }
}
