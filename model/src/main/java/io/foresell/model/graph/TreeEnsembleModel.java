package io.foresell.model.graph;

import java.util.List;

/** Sums of tree leaves: single trees, forests, boosted trees. Encode numbers raw, so that NaN reaches the missing child. */
public final class TreeEnsembleModel extends ScoreModel {
    private final int inputs;
    private final List<Tree> trees;
    private final float[] base;
    private final double share;

    private TreeEnsembleModel(int inputs, List<Tree> trees, double[] base, double share) {
        this.inputs = inputs;
        this.trees = List.copyOf(trees);
        this.base = Parameters.floats("base of the trees", base);
        this.share = share;
        if (trees.isEmpty() || base.length == 0) {
            throw new IllegalArgumentException(
                    "trees: %d with %d outputs (expected: 1 or more of both)".formatted(trees.size(), base.length));
        }
        for (int i = 0; i < trees.size(); i++) {
            trees.get(i).requireColumnsBelow(inputs, i);
            int width = trees.get(i).leafWidth();
            if (width != 1 && width != base.length) {
                throw new IllegalArgumentException(
                        "values per leaf of tree %d: %d (expected: 1 or %d)".formatted(i, width, base.length));
            }
        }
    }

    /**
     * Returns {@code base + sum of leaves}. With several outputs, tree i of one value per leaf adds to output {@code i mod
     * outputs} (a round of boosting after the other), and a tree of one value per output and leaf adds to all of them.
     *
     * @param inputs number of encoded columns
     * @param base one per output: log-odds, logits or values
     */
    public static TreeEnsembleModel boosted(int inputs, List<Tree> trees, double... base) {
        return new TreeEnsembleModel(inputs, trees, base, 1);
    }

    /**
     * Returns the mean of the leaves: values, or probabilities of which a leaf has one per class.
     *
     * @param inputs number of encoded columns
     */
    public static TreeEnsembleModel forest(int inputs, List<Tree> trees) {
        int outputs = trees.isEmpty() ? 1 : trees.get(0).leafWidth();
        return new TreeEnsembleModel(inputs, trees, new double[outputs], 1.0 / trees.size());
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return base.length;
    }

    @Override
    boolean readsMissing() {
        return true;
    }

    @Override
    String write(String encoded, GraphBuilder graph) {
        TreeColumns columns = new TreeColumns(share, base.length);
        for (int i = 0; i < trees.size(); i++) {
            columns.add(i, trees.get(i));
        }
        return columns.node(graph, encoded, base);
    }
}
