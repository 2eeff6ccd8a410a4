package io.foresell.training.fit.bayes;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.GaussianMixtureModel;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.LinearModel;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.NaiveBayesModel;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.ScoreModel;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.RowChunks;
import java.util.List;

/** Priors, distributions of numbers and log-frequencies of the rest, per class. */
final class FittedBayes implements FittedModel {
    private static final int MAX_CHUNK_ROWS = 256;
    private static final int MAX_CHUNK_VALUES = 1 << 22;
    private static final double LEAST_TOLERANCE = 1e-5;
    private static final double GREATEST_TOLERANCE = 1e-4;
    // Sixteen times the distance of two floats at 1.
    private static final double ROUNDING = 2e-6;

    private final Preprocessing preprocessing;
    private final Answer answer;
    private final List<Integer> numbers;
    private final double[] priors;
    private final double[][] means;
    private final double[][] variances;
    private final double[][] weights;
    private final double[] bias;
    private double parityTolerance = LEAST_TOLERANCE;

    /** Takes ownership of the arrays, all with one row per class. */
    FittedBayes(
            Preprocessing preprocessing,
            Answer answer,
            List<Integer> numbers,
            double[] priors,
            double[][] means,
            double[][] variances,
            double[][] weights,
            double[] bias) {
        this.preprocessing = preprocessing;
        this.answer = answer;
        this.numbers = List.copyOf(numbers);
        this.priors = priors;
        this.means = means;
        this.variances = variances;
        this.weights = weights;
        this.bias = bias;
    }

    /** Sets the tolerance to what rounding may do to the answers to training rows: densities far out are large numbers. */
    FittedBayes judgedOn(Rows training) {
        predict(training);
        return this;
    }

    @Override
    public Signature signature() {
        return preprocessing.signature();
    }

    @Override
    public Answer answer() {
        return answer;
    }

    @Override
    public byte[] onnx() {
        Head head = answer.task() == Task.BINARY ? Head.binary(Calibration.NONE) : Head.multiclass(List.of());
        return ModelGraph.write(preprocessing, model(), head);
    }

    private ScoreModel model() {
        LinearModel others = others();
        return numbers.isEmpty()
                ? others
                : new NaiveBayesModel(GaussianMixtureModel.diagonal(priors, means, variances), numbers, others);
    }

    /** Returns the weights of what is no number; with the priors when the distributions of numbers do not have them. */
    private LinearModel others() {
        double[] constants = bias.clone();
        for (int label = 0; label < constants.length; label++) {
            constants[label] += numbers.isEmpty() ? Math.log(priors[label]) : 0;
        }
        if (answer.task() != Task.BINARY) {
            return new LinearModel(weights, constants);
        }
        double[] differences = new double[weights[0].length];
        for (int column = 0; column < differences.length; column++) {
            differences[column] = weights[1][column] - weights[0][column];
        }
        return LinearModel.of(differences, constants[1] - constants[0]);
    }

    @Override
    public double[] predict(Rows rows) {
        int width = preprocessing.encodedWidth();
        int classCount = priors.length;
        boolean isBinary = answer.task() == Task.BINARY;
        double[] answers = new double[Math.multiplyExact(rows.rowCount(), answer.width())];
        double[] scores = new double[classCount];
        int chunk = Math.max(1, Math.min(MAX_CHUNK_ROWS, MAX_CHUNK_VALUES / width));
        for (int from = 0; from < rows.rowCount(); from += chunk) {
            int until = Math.min(rows.rowCount(), from + chunk);
            float[] encoded = preprocessing.encode(RowChunks.slice(rows, from, until));
            for (int row = from; row < until; row++) {
                double size = 0;
                for (int label = 0; label < classCount; label++) {
                    size = Math.max(size, score(label, encoded, (row - from) * width, scores));
                }
                normalize(scores);
                widen(scores, size);
                if (isBinary) {
                    answers[row] = scores[1];
                } else {
                    System.arraycopy(scores, 0, answers, row * classCount, classCount);
                }
            }
        }
        return answers;
    }

    /** Writes the joint log-density of a class and returns the sum of the sizes of its terms. */
    private double score(int label, float[] encoded, int at, double[] scores) {
        double sum = Math.log(priors[label]) + bias[label];
        double size = 0;
        for (int i = 0; i < means[label].length; i++) {
            // As floats, as the graph has them.
            double inverse = (float) (1 / Math.sqrt(variances[label][i]));
            double z = (encoded[at + numbers.get(i)] - (float) means[label][i]) * inverse;
            sum += Math.log(inverse) - 0.5 * z * z;
            size += Math.abs(Math.log(inverse)) + 0.5 * z * z;
        }
        for (int column = 0; column < weights[label].length; column++) {
            double term = weights[label][column] * encoded[at + column];
            sum += term;
            size += Math.abs(term);
        }
        scores[label] = sum;
        return size;
    }

    private static void normalize(double[] scores) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            greatest = Math.max(greatest, score);
        }
        double sum = 0;
        for (int label = 0; label < scores.length; label++) {
            scores[label] = Math.exp(scores[label] - greatest);
            sum += scores[label];
        }
        for (int label = 0; label < scores.length; label++) {
            scores[label] /= sum;
        }
    }

    private void widen(double[] probabilities, double size) {
        for (double p : probabilities) {
            parityTolerance = Math.max(parityTolerance, Math.min(GREATEST_TOLERANCE, p * (1 - p) * ROUNDING * size));
        }
    }

    @Override
    public double parityTolerance() {
        return parityTolerance;
    }
}
