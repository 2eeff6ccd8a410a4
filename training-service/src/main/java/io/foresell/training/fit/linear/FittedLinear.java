package io.foresell.training.fit.linear;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.LinearModel;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.CoefficientTable;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.LibraryVersions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Weighted sums of encoded columns: the log-odds, a score per class, or the value.
 *
 * @param beta shape [scores][encoded columns + 1], intercepts last
 * @param parityTolerance what the rounding of floats may do to an answer
 */
@SuppressWarnings("ArrayRecordComponent")
record FittedLinear(
        Preprocessing preprocessing,
        Answer answer,
        double[][] beta,
        double parityTolerance,
        CoefficientTable table,
        List<String> notes)
        implements FittedModel {
    private static final double LEAST_TOLERANCE = 1e-5;
    private static final double GREATEST_TOLERANCE = 1e-4;
    // Of two floats next to each other at 1.
    private static final double FLOAT_DISTANCE = 1.2e-7;
    private static final double ROUNDING = 16 * FLOAT_DISTANCE;

    /** Returns the model with the tolerance that its weights and the training rows call for. */
    static FittedLinear of(
            Preprocessing preprocessing,
            DesignMatrix rows,
            Answer answer,
            double[][] beta,
            CoefficientTable table,
            List<String> notes) {
        double tolerance = tolerance(rows, answer, beta);
        return new FittedLinear(preprocessing, answer, beta, tolerance, table, List.copyOf(notes));
    }

    private static double tolerance(DesignMatrix rows, Answer answer, double[][] beta) {
        double parts = 0;
        double greatest = 1;
        for (int row = 0; row < rows.rowCount; row++) {
            for (double[] weights : beta) {
                parts = Math.max(parts, rows.absoluteDot(row, weights));
                greatest = Math.max(greatest, Math.abs(rows.dot(row, weights)));
            }
        }
        if (answer.task() != Task.REGRESSION) {
            // The steepest slope of the sigmoid is 1/4; the softmax has the same in each of its scores.
            return clipped(ROUNDING * parts / 4);
        }
        if (parts * FLOAT_DISTANCE > GREATEST_TOLERANCE * greatest) {
            throw new ServiceException(Failure.precondition(
                    "COLUMNS_NEARLY_COLLINEAR",
                    "largest sum of parts of an answer: %s for answers up to %s (expected: at most %s times as much; set a"
                                    .formatted(parts, greatest, GREATEST_TOLERANCE / FLOAT_DISTANCE)
                            + " penalty, or leave out columns that others nearly determine)"));
        }
        return clipped(ROUNDING * parts / greatest);
    }

    private static double clipped(double tolerance) {
        return Math.min(GREATEST_TOLERANCE, Math.max(LEAST_TOLERANCE, tolerance));
    }

    @Override
    public Signature signature() {
        return preprocessing.signature();
    }

    @Override
    public byte[] onnx() {
        int width = beta[0].length - 1;
        double[][] weights = new double[beta.length][];
        double[] bias = new double[beta.length];
        for (int k = 0; k < beta.length; k++) {
            weights[k] = Arrays.copyOf(beta[k], width);
            bias[k] = beta[k][width];
        }
        return ModelGraph.write(preprocessing, new LinearModel(weights, bias), head());
    }

    private Head head() {
        return switch (answer.task()) {
            case BINARY -> Head.binary(Calibration.NONE);
            case MULTICLASS -> Head.multiclass(List.of());
            case REGRESSION -> Head.regression();
            case CLUSTERS, RANKING -> throw new IllegalStateException("task " + answer.task());
        };
    }

    @Override
    public double[] predict(Rows rows) {
        DesignMatrix matrix = new DesignMatrix(preprocessing, rows);
        double[] answers = new double[Math.multiplyExact(rows.rowCount(), beta.length)];
        double[] scores = new double[beta.length];
        for (int row = 0; row < matrix.rowCount; row++) {
            for (int k = 0; k < scores.length; k++) {
                scores[k] = matrix.dot(row, beta[k]);
            }
            if (answer.task() == Task.BINARY) {
                scores[0] = Sigmoid.of(scores[0]);
            } else if (answer.task() == Task.MULTICLASS) {
                Softmax.of(scores);
            }
            System.arraycopy(scores, 0, answers, row * scores.length, scores.length);
        }
        return answers;
    }

    @Override
    public Map<String, byte[]> source() {
        return Map.of(CoefficientTable.FILE, table.toJson());
    }

    @Override
    public Optional<CoefficientTable> coefficients() {
        return Optional.of(table);
    }

    @Override
    public Map<String, String> libraryVersions() {
        return LibraryVersions.of("org.hipparchus", "hipparchus-core", org.hipparchus.linear.RealMatrix.class);
    }
}
