package io.foresell.training.fit;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.Map;

/** Names an algorithm and says how it is run; every record checks its ranges. */
public sealed interface FitParameters {
    /** Returns the algorithm's name, e.g. {@code logistic_regression}. */
    String algorithm();

    /** Returns the parameters by name, for provenance. */
    Map<String, String> asText();

    /**
     * Fits a logistic regression by penalised maximum likelihood.
     *
     * @param inversePenalty C of the L2 penalty on the standardised coefficients, above 0
     */
    record LogisticRegression(double inversePenalty) implements FitParameters {
        /** Is what a spec means that says nothing else. */
        public static final LogisticRegression DEFAULT = new LogisticRegression(1);

        public LogisticRegression {
            require("inverse_penalty", inversePenalty, 1e-9, 1e9);
        }

        @Override
        public String algorithm() {
            return "logistic_regression";
        }

        @Override
        public Map<String, String> asText() {
            return Map.of("inverse_penalty", Double.toString(inversePenalty));
        }
    }

    /**
     * Fits gradient-boosted trees.
     *
     * @param treeCount 1 to 5000
     * @param learningRate in (0, 1]
     * @param maxDepth 1 to 16
     * @param maxLeaves 0 means no bound beside the depth; otherwise the best leaf is grown first
     * @param minChildWeight least sum of hessians in a leaf, 0 or more
     * @param rowSample share of rows drawn for each tree, in (0, 1]
     * @param columnSample share of columns drawn for each tree, in (0, 1]
     * @param l2Penalty on leaf weights, 0 or more
     */
    record BoostedTrees(
            int treeCount,
            double learningRate,
            int maxDepth,
            int maxLeaves,
            double minChildWeight,
            double rowSample,
            double columnSample,
            double l2Penalty)
            implements FitParameters {
        /** Is what a spec means that says nothing else. */
        public static final BoostedTrees DEFAULT = new BoostedTrees(150, 0.05, 4, 0, 1, 1, 1, 1);

        public BoostedTrees {
            require("tree_count", treeCount, 1, 5000);
            require("learning_rate", learningRate, 1e-6, 1);
            require("max_depth", maxDepth, 1, 16);
            require("max_leaves", maxLeaves, 0, 65_536);
            require("min_child_weight", minChildWeight, 0, 1e9);
            require("row_sample", rowSample, 1e-6, 1);
            require("column_sample", columnSample, 1e-6, 1);
            require("l2_penalty", l2Penalty, 0, 1e9);
        }

        @Override
        public String algorithm() {
            return "boosted_trees";
        }

        @Override
        public Map<String, String> asText() {
            return Map.of(
                    "tree_count", Integer.toString(treeCount),
                    "learning_rate", Double.toString(learningRate),
                    "max_depth", Integer.toString(maxDepth),
                    "max_leaves", Integer.toString(maxLeaves),
                    "min_child_weight", Double.toString(minChildWeight),
                    "row_sample", Double.toString(rowSample),
                    "column_sample", Double.toString(columnSample),
                    "l2_penalty", Double.toString(l2Penalty));
        }
    }

    /** Names the body of a network over sequences. */
    enum NetworkKind {
        /** Two 1-D convolutions with ReLU and global max pooling. */
        CONV1D,
        /** One LSTM whose last step is kept. */
        LSTM
    }

    /**
     * Fits a network over sequences of one common length; numbers and texts join at the dense layer.
     *
     * @param units filters or hidden units, 1 to 512
     * @param kernelSize of a convolution, 1 to 31
     * @param epochs most passes over the training rows, 1 to 1000
     * @param batchSize rows of one step, 1 to 4096
     * @param learningRate Adam's step size
     */
    record SequenceNetwork(NetworkKind kind, int units, int kernelSize, int epochs, int batchSize, double learningRate)
            implements FitParameters {
        /** Is what a spec means that says nothing else. */
        public static final SequenceNetwork DEFAULT = new SequenceNetwork(NetworkKind.CONV1D, 16, 3, 30, 64, 0.003);

        public SequenceNetwork {
            require("units", units, 1, 512);
            require("kernel_size", kernelSize, 1, 31);
            require("epochs", epochs, 1, 1000);
            require("batch_size", batchSize, 1, 4096);
            require("learning_rate", learningRate, 1e-7, 1);
        }

        @Override
        public String algorithm() {
            return "sequence_network";
        }

        @Override
        public Map<String, String> asText() {
            return Map.of(
                    "kind", kind.name(),
                    "units", Integer.toString(units),
                    "kernel_size", Integer.toString(kernelSize),
                    "epochs", Integer.toString(epochs),
                    "batch_size", Integer.toString(batchSize),
                    "learning_rate", Double.toString(learningRate));
        }
    }

    private static void require(String name, double value, double least, double greatest) {
        if (!(value >= least && value <= greatest)) {
            throw new ServiceException(Failure.invalid(
                    "PARAMETER_OUT_OF_RANGE", name, shown(value), shown(least) + ".." + shown(greatest)));
        }
    }

    private static Number shown(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e7) {
            return (long) value;
        }
        return value;
    }
}
