package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Models of normal distributions drawn from a seed, each with its {@link Oracle}. */
final class NormalFamilies {
    private NormalFamilies() {}

    static Case independentNormals(RandomDraw draw, Preprocessing preprocessing) {
        int width = preprocessing.encodedWidth();
        double[] weights = draw.weights(2 + draw.random.nextInt(4));
        double[][] means = draw.matrix(weights.length, width, 2);
        double[][] variances = new double[weights.length][];
        for (int k = 0; k < weights.length; k++) {
            variances[k] = draw.random.doubles(width, 20, 60).toArray();
        }
        byte[] onnx = ModelGraph.write(
                preprocessing,
                GaussianMixtureModel.diagonal(weights, means, variances),
                draw.random.nextBoolean() ? Head.clustersOfLogits() : Head.multiclass(List.of()));
        return new Case(onnx, columns -> {
            double[] logits = new double[weights.length];
            for (int k = 0; k < weights.length; k++) {
                logits[k] = Math.log(weights[k]);
                for (int i = 0; i < width; i++) {
                    double distance = columns[i] - means[k][i];
                    logits[k] -= (Math.log(variances[k][i]) + distance * distance / variances[k][i]) / 2;
                }
            }
            return Oracle.softmax(logits);
        });
    }

    static Case naiveBayes(RandomDraw draw, Preprocessing preprocessing) {
        int width = preprocessing.encodedWidth();
        boolean isBinary = draw.random.nextBoolean();
        double[] priors = draw.weights(isBinary ? 2 : 2 + draw.random.nextInt(4));
        List<Integer> numbers = new ArrayList<>(List.of(draw.random.nextInt(width)));
        for (int column = 0; column < width; column++) {
            if (draw.random.nextBoolean() && !numbers.contains(column)) {
                numbers.add(column);
            }
        }
        double[][] means = draw.matrix(priors.length, numbers.size(), 2);
        double[][] variances = new double[priors.length][];
        for (int k = 0; k < priors.length; k++) {
            variances[k] = draw.random.doubles(numbers.size(), 20, 60).toArray();
        }
        double[][] weights = draw.matrix(isBinary ? 1 : priors.length, width, 0.3);
        for (double[] row : weights) {
            numbers.forEach(column -> row[column] = 0);
        }
        double[] bias = draw.gaussians(weights.length, 1);
        byte[] onnx = ModelGraph.write(
                preprocessing,
                new NaiveBayesModel(
                        GaussianMixtureModel.diagonal(priors, means, variances),
                        numbers,
                        new LinearModel(weights, bias)),
                isBinary ? Head.binary(Calibration.NONE) : Head.multiclass(List.of()));
        return new Case(onnx, columns -> {
            double[] logits = new double[priors.length];
            for (int k = 0; k < priors.length; k++) {
                logits[k] = Math.log(priors[k]);
                for (int i = 0; i < numbers.size(); i++) {
                    double distance = columns[numbers.get(i)] - means[k][i];
                    logits[k] -= (Math.log(variances[k][i]) + distance * distance / variances[k][i]) / 2;
                }
            }
            double[] others = LinearFamilies.product(weights, bias, columns);
            if (isBinary) {
                return new double[] {Oracle.sigmoid(logits[1] - logits[0] + others[0])};
            }
            for (int k = 0; k < logits.length; k++) {
                logits[k] += others[k];
            }
            return Oracle.softmax(logits);
        });
    }

    static Case fullNormals(RandomDraw draw, Preprocessing preprocessing) {
        int width = preprocessing.encodedWidth();
        double[] weights = draw.weights(1 + draw.random.nextInt(4));
        double[][] means = draw.matrix(weights.length, width, 2);
        double[][][] covariances = new double[weights.length][][];
        for (int k = 0; k < weights.length; k++) {
            covariances[k] = covariance(draw, width);
        }
        byte[] onnx = ModelGraph.write(
                preprocessing, GaussianMixtureModel.full(weights, means, covariances), Head.clustersOfLogits());
        return new Case(onnx, columns -> {
            double[] logits = new double[weights.length];
            for (int k = 0; k < weights.length; k++) {
                double[] distance = new double[width];
                for (int i = 0; i < width; i++) {
                    distance[i] = columns[i] - means[k][i];
                }
                logits[k] = Math.log(weights[k]) - gaussElimination(covariances[k], distance) / 2;
            }
            return Oracle.softmax(logits);
        });
    }

    private static double[][] covariance(RandomDraw draw, int width) {
        double[][] factors = draw.matrix(width, width, 2);
        double[][] covariance = new double[width][width];
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < width; j++) {
                covariance[i][j] = i == j ? 30 : 0;
                for (int k = 0; k < width; k++) {
                    covariance[i][j] += factors[i][k] * factors[j][k];
                }
            }
        }
        return covariance;
    }

    /** Returns {@code ln det(covariance) + distance . covariance^-1 . distance} by elimination, not by Cholesky. */
    private static double gaussElimination(double[][] covariance, double[] distance) {
        int width = distance.length;
        double[][] rows = new double[width][];
        for (int i = 0; i < width; i++) {
            rows[i] = Arrays.copyOf(covariance[i], width + 1);
            rows[i][width] = distance[i];
        }
        double logDeterminant = 0;
        for (int pivot = 0; pivot < width; pivot++) {
            logDeterminant += Math.log(rows[pivot][pivot]);
            for (int i = pivot + 1; i < width; i++) {
                double factor = rows[i][pivot] / rows[pivot][pivot];
                for (int j = pivot; j <= width; j++) {
                    rows[i][j] -= factor * rows[pivot][j];
                }
            }
        }
        double[] solution = new double[width];
        double product = 0;
        for (int i = width - 1; i >= 0; i--) {
            solution[i] = rows[i][width];
            for (int j = i + 1; j < width; j++) {
                solution[i] -= rows[i][j] * solution[j];
            }
            solution[i] /= rows[i][i];
            product += solution[i] * distance[i];
        }
        return logDeterminant + product;
    }
}
