package io.foresell.model.graph;

import java.util.List;

/**
 * Fills columns by linear models on other columns: where an indicator column is 1, {@code weights . predictors + bias} is
 * added to a target column, whose own missing value is a constant then. Immutable.
 */
public final class ColumnCompletion implements ColumnStep {
    private final int inputs;
    private final List<Integer> targets;
    private final List<Integer> indicators;
    private final List<Integer> predictors;
    private final float[] weights;
    private final float[] bias;

    /**
     * Checks shapes and that every number is finite.
     *
     * @param inputs number of columns
     * @param targets indexes of the columns to fill, 1 or more
     * @param indicators indexes of the columns that say where, as many
     * @param predictors indexes of the columns to fill from, none of them ever NaN
     * @param weights shape [targets][predictors]
     * @param bias shape [targets]
     */
    public ColumnCompletion(
            int inputs,
            List<Integer> targets,
            List<Integer> indicators,
            List<Integer> predictors,
            double[][] weights,
            double[] bias) {
        this.inputs = inputs;
        this.targets = List.copyOf(targets);
        this.indicators = List.copyOf(indicators);
        this.predictors = List.copyOf(predictors);
        Parameters.requireLength("indicators of columns to fill", indicators.size(), targets.size());
        Parameters.requireLength("weights of columns to fill", weights.length, targets.size());
        this.weights = Parameters.matrix("weights of columns to fill", weights, predictors.size());
        this.bias = Parameters.floats("bias of columns to fill", bias);
        Parameters.requireLength("bias of columns to fill", bias.length, targets.size());
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return inputs;
    }

    @Override
    public List<String> names(List<String> names) {
        return names;
    }

    @Override
    public void apply(float[] from, int fromAt, float[] to, int toAt) {
        System.arraycopy(from, fromAt, to, toAt, inputs);
        for (int i = 0; i < targets.size(); i++) {
            if (from[fromAt + indicators.get(i)] != 0) {
                double sum = bias[i];
                for (int j = 0; j < predictors.size(); j++) {
                    sum += (double) weights[i * predictors.size() + j] * from[fromAt + predictors.get(j)];
                }
                to[toAt + targets.get(i)] += (float) sum;
            }
        }
    }

    /** Predicts every target, keeps the predictions where the indicators say so, and spreads them over all columns. */
    @Override
    public String write(GraphBuilder graph, String columns) {
        String known = ColumnSelection.write(graph, columns, "predictors", predictors);
        String predicted = graph.dense(known, weights, bias);
        String isMissing = ColumnSelection.write(graph, columns, "indicators", indicators);
        String added = graph.node("Mul", List.of(predicted, isMissing));
        float[] places = new float[inputs * targets.size()];
        for (int i = 0; i < targets.size(); i++) {
            places[targets.get(i) * targets.size() + i] = 1;
        }
        return graph.node("Add", List.of(columns, graph.dense(added, places, new float[inputs])));
    }
}
