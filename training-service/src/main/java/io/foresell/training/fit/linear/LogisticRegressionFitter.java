package io.foresell.training.fit.linear;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.LinearModel;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.LibraryVersions;
import java.util.Arrays;
import java.util.Map;

/** Fits a logistic regression on standardised numbers and one-hot texts. */
final class LogisticRegressionFitter implements Fitter {
    private final LogisticRegression parameters;

    LogisticRegressionFitter(LogisticRegression parameters) {
        this.parameters = parameters;
    }

    @Override
    public FittedModel fit(FitRequest request) {
        Encodings encodings = request.encodings();
        Preprocessing preprocessing = encodings.standardizedFlat();
        DesignMatrix rows = new DesignMatrix(preprocessing, encodings.rows());
        double[] beta = new PenalizedLikelihood(
                        rows,
                        encodings.labels(),
                        parameters.inversePenalty(),
                        request.listener(),
                        request.isCancelled())
                .minimize();
        return new Fitted(preprocessing, beta);
    }

    /**
     * Coefficients.
     *
     * @param beta one per encoded column, intercept last
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Fitted(Preprocessing preprocessing, double[] beta) implements FittedModel {
        @Override
        public Signature signature() {
            return preprocessing.signature();
        }

        @Override
        public Answer answer() {
            return Answer.binary();
        }

        @Override
        public byte[] onnx() {
            int width = beta.length - 1;
            LinearModel model = LinearModel.of(Arrays.copyOf(beta, width), beta[width]);
            return ModelGraph.write(preprocessing, model, Head.binary(Calibration.NONE));
        }

        @Override
        public double[] predict(Rows rows) {
            DesignMatrix matrix = new DesignMatrix(preprocessing, rows);
            double[] probabilities = new double[rows.rowCount()];
            Arrays.setAll(probabilities, row -> Sigmoid.of(matrix.dot(row, beta)));
            return probabilities;
        }

        @Override
        public double parityTolerance() {
            return 1e-5;
        }

        @Override
        public Map<String, byte[]> source() {
            return Map.of();
        }

        @Override
        public Map<String, String> libraryVersions() {
            return LibraryVersions.of("org.hipparchus", "hipparchus-core", org.hipparchus.linear.RealMatrix.class);
        }

        @Override
        public void close() {}
    }
}
