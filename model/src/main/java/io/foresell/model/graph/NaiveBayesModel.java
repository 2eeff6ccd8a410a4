package io.foresell.model.graph;

import java.util.List;

/**
 * Naive Bayes over columns of two kinds: some are independent normal distributions per class, the others count with a weight per
 * class (categories, terms). The scores are the joint log-probability of each class up to a constant common to all, or, of two
 * classes, one score: the log-odds of the second.
 */
public final class NaiveBayesModel extends ScoreModel {
    private final GaussianMixtureModel numbers;
    private final long[] numberColumns;
    private final LinearModel others;

    /**
     * Checks that the parts fit.
     *
     * @param numbers a distribution per class over the number columns, with the priors as weights
     * @param numberColumns which of the encoded columns it reads, in its order
     * @param others weights of all encoded columns, 0 for those of {@code numbers}: a score per class, or the second one's minus
     *     the first one's
     */
    public NaiveBayesModel(GaussianMixtureModel numbers, List<Integer> numberColumns, LinearModel others) {
        Parameters.requireLength("number columns", numberColumns.size(), numbers.inputs());
        for (int column : numberColumns) {
            if (column < 0 || column >= others.inputs()) {
                throw new IllegalArgumentException(
                        "number column: %d (expected: 0..%d)".formatted(column, others.inputs() - 1));
            }
        }
        if (others.outputs() == 1) {
            Parameters.requireLength("classes of one score", numbers.outputs(), 2);
        } else {
            Parameters.requireLength("classes of the weights", others.outputs(), numbers.outputs());
        }
        this.numbers = numbers;
        this.numberColumns =
                numberColumns.stream().mapToLong(Integer::longValue).toArray();
        this.others = others;
    }

    @Override
    public int inputs() {
        return others.inputs();
    }

    @Override
    public int outputs() {
        return others.outputs();
    }

    @Override
    String write(String encoded, GraphBuilder graph) {
        String picked = graph.node(
                "Gather",
                List.of(encoded, graph.constant("number_columns", numberColumns)),
                GraphBuilder.integer("axis", 1));
        String densities = numbers.write(picked, graph);
        if (outputs() == 1) {
            densities = graph.dense(densities, new float[] {-1, 1}, new float[1]);
        }
        return graph.node("Add", List.of(densities, others.write(encoded, graph)));
    }
}
