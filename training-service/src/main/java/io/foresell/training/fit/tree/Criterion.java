package io.foresell.training.fit.tree;

/**
 * How pure the rows of a node are, as a sum over its rows, so that a split gains what its children have more than the node.
 * Breiman et al., "Classification and Regression Trees" (1984), chapters 4 and 8.
 */
enum Criterion {
    /** Minus Gini's index times the weight, but for a constant. */
    GINI {
        @Override
        double purity(double[] sums) {
            double squares = 0;
            double weight = 0;
            for (double sum : sums) {
                squares += sum * sum;
                weight += sum;
            }
            return weight > 0 ? squares / weight : 0;
        }
    },
    /** Minus the entropy times the weight. */
    ENTROPY {
        @Override
        double purity(double[] sums) {
            double logs = 0;
            double weight = 0;
            for (double sum : sums) {
                logs += sum > 0 ? sum * Math.log(sum) : 0;
                weight += sum;
            }
            return weight > 0 ? logs - weight * Math.log(weight) : 0;
        }
    },
    /** Minus the sum of squared errors, but for a constant. */
    SQUARED_ERROR {
        @Override
        double purity(double[] sums) {
            return sums[0] > 0 ? sums[1] * sums[1] / sums[0] : 0;
        }
    };

    /** Takes the weight per class, or the weight and the weighted sum of values. */
    abstract double purity(double[] sums);
}
