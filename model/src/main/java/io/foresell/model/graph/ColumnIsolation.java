package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * Adds two columns after all columns: how soon an isolation forest separates a row, {@code 2^(-mean depth / ordinary depth)} in (0, 1]
 * (Liu, Ting and Zhou, "Isolation forest", 2008), and 1 where that is above a limit, else 0. Immutable.
 */
public final class ColumnIsolation implements ColumnStep {
    private final int inputs;
    private final List<Tree> trees;
    private final float exponent;
    private final float limit;
    private final float share;

    /**
     * Checks that the trees fit the columns.
     *
     * @param inputs number of columns before
     * @param trees 1 or more, with the depth of a row as the value of its leaf
     * @param ordinaryDepth mean depth of an ordinary row, above 0
     * @param limit rows with a greater score are flagged
     */
    public ColumnIsolation(int inputs, List<Tree> trees, double ordinaryDepth, double limit) {
        this.inputs = inputs;
        this.trees = List.copyOf(trees);
        if (trees.isEmpty() || !(ordinaryDepth > 0)) {
            throw new IllegalArgumentException("trees: %d of ordinary depth %s (expected: 1 or more, above 0)"
                    .formatted(trees.size(), ordinaryDepth));
        }
        for (int i = 0; i < trees.size(); i++) {
            trees.get(i).requireColumnsBelow(inputs, i);
            Parameters.requireLength(
                    "values per leaf of tree " + i, trees.get(i).leafWidth(), 1);
        }
        this.exponent = (float) (-Math.log(2) / ordinaryDepth);
        this.limit = (float) limit;
        this.share = 1f / trees.size();
    }

    /** Returns this with another limit. */
    public ColumnIsolation flaggedAbove(double newLimit) {
        return new ColumnIsolation(inputs, trees, -Math.log(2) / exponent, newLimit);
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return inputs + 2;
    }

    @Override
    public List<String> names(List<String> names) {
        List<String> all = new ArrayList<>(names);
        all.add("isolation score");
        all.add("is isolated");
        return all;
    }

    /** Returns the score of one row in (0, 1], near 1 where it is unlike the others. */
    public float score(float[] columns, int at) {
        float depth = 0;
        for (Tree tree : trees) {
            int node = 0;
            while (!tree.isLeaf(node)) {
                float value = columns[at + tree.feature[node]];
                node = Float.isNaN(value)
                        ? tree.missing[node]
                        : value < tree.threshold[node] ? tree.yes[node] : tree.no[node];
            }
            depth += share * tree.leaf[node];
        }
        return (float) Math.exp(depth * exponent);
    }

    @Override
    public void apply(float[] from, int fromAt, float[] to, int toAt) {
        System.arraycopy(from, fromAt, to, toAt, inputs);
        float score = score(from, fromAt);
        to[toAt + inputs] = score;
        to[toAt + inputs + 1] = score > limit ? 1 : 0;
    }

    @Override
    public String write(GraphBuilder graph, String columns) {
        TreeColumns depths = new TreeColumns(share, 1);
        for (int i = 0; i < trees.size(); i++) {
            depths.add(i, trees.get(i));
        }
        String depth = depths.node(graph, columns, new float[1]);
        String exponents = graph.node("Mul", List.of(depth, graph.scalar("depth_exponent", exponent)));
        String score = graph.node("Exp", List.of(exponents));
        String isAbove = graph.node("Greater", List.of(score, graph.scalar("isolation_limit", limit)));
        return graph.concat(List.of(columns, score, graph.toFloat(isAbove)));
    }
}
