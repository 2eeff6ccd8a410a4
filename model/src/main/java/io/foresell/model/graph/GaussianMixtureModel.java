package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * The joint log-density of a row and each of several normal distributions, up to a constant common to all: the softmax of
 * the scores is the posterior. A Gaussian mixture gives clusters, Gaussian naive Bayes (diagonal, one per class) classes.
 */
public final class GaussianMixtureModel extends ScoreModel {
    private final int inputs;
    private final float[] constants;
    private final float[] means;
    /** Per distribution: one factor per column, or a matrix [inputs, inputs] by which centred rows become white. */
    private final float[] whitening;

    private final boolean isDiagonal;

    private GaussianMixtureModel(
            int inputs, double[] constants, double[][] means, double[][] whitening, boolean isDiagonal) {
        this.inputs = inputs;
        this.constants = Parameters.floats("log-weights of distributions", constants);
        this.means = Parameters.matrix("means", means, inputs);
        this.whitening = Parameters.matrix(
                "inverse deviations", whitening, isDiagonal ? inputs : Math.multiplyExact(inputs, inputs));
        this.isDiagonal = isDiagonal;
    }

    /**
     * Returns distributions with independent columns.
     *
     * @param weights shape [distributions]: mixing weights or class priors, above 0
     * @param means shape [distributions][inputs]
     * @param variances shape [distributions][inputs], above 0
     */
    public static GaussianMixtureModel diagonal(double[] weights, double[][] means, double[][] variances) {
        requireDistributions(weights, means, variances.length);
        double[] constants = new double[weights.length];
        double[][] inverses = new double[weights.length][];
        for (int k = 0; k < weights.length; k++) {
            constants[k] = Math.log(weights[k]);
            inverses[k] = new double[variances[k].length];
            for (int i = 0; i < variances[k].length; i++) {
                inverses[k][i] = 1 / Math.sqrt(variances[k][i]);
                constants[k] += Math.log(inverses[k][i]);
            }
        }
        return new GaussianMixtureModel(means[0].length, constants, means, inverses, true);
    }

    /**
     * Returns distributions with full covariances.
     *
     * @param weights shape [distributions]: mixing weights or class priors, above 0
     * @param means shape [distributions][inputs]
     * @param covariances shape [distributions][inputs][inputs], symmetric and positive definite
     */
    public static GaussianMixtureModel full(double[] weights, double[][] means, double[][][] covariances) {
        requireDistributions(weights, means, covariances.length);
        double[] constants = new double[weights.length];
        double[][] inverses = new double[weights.length][];
        for (int k = 0; k < weights.length; k++) {
            Parameters.requireLength("covariances of a distribution", covariances[k].length, means[0].length);
            Cholesky cholesky = Cholesky.of(covariances[k]);
            constants[k] = Math.log(weights[k]) - cholesky.logOfDiagonal();
            inverses[k] = cholesky.whitening();
        }
        return new GaussianMixtureModel(means[0].length, constants, means, inverses, false);
    }

    private static void requireDistributions(double[] weights, double[][] means, int spreads) {
        Parameters.requireLength("means", means.length, weights.length);
        Parameters.requireLength("variances or covariances", spreads, weights.length);
        if (weights.length == 0 || means[0].length == 0) {
            throw new IllegalArgumentException("distributions: none (expected: 1 over 1 column or more)");
        }
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return constants.length;
    }

    @Override
    String write(String encoded, GraphBuilder graph) {
        String squares = isDiagonal ? diagonal(encoded, graph) : full(encoded, graph);
        String half = graph.node("Mul", List.of(squares, graph.constant("half", new float[] {-0.5f}, 1)));
        return graph.node("Add", List.of(half, graph.constant("log_weights", constants, constants.length)));
    }

    private String diagonal(String encoded, GraphBuilder graph) {
        String factors = graph.constant("inverse_deviations", whitening, constants.length, inputs);
        String white = graph.node("Mul", List.of(Differences.of(graph, encoded, means, inputs), factors));
        return Differences.sumOfSquares(graph, white);
    }

    private String full(String encoded, GraphBuilder graph) {
        List<String> squares = new ArrayList<>();
        for (int k = 0; k < constants.length; k++) {
            float[] mean = new float[inputs];
            System.arraycopy(means, k * inputs, mean, 0, inputs);
            float[] matrix = new float[inputs * inputs];
            System.arraycopy(whitening, k * matrix.length, matrix, 0, matrix.length);
            String centred = graph.node("Sub", List.of(encoded, graph.constant("mean", mean, inputs)));
            String white = graph.node("MatMul", List.of(centred, graph.constant("whitening", matrix, inputs, inputs)));
            squares.add(graph.node(
                    "ReduceSum",
                    List.of(graph.node("Mul", List.of(white, white)), graph.constant("axis", 1L)),
                    GraphBuilder.integer("keepdims", 1)));
        }
        return graph.concat(squares);
    }
}
