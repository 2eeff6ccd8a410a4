package io.foresell.training.fit.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Rows;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.PlantedSequences;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitListener;
import io.foresell.training.fit.FitRequest;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

final class LogisticRegressionFitterTest {
    private final Encodings encodings =
            FitRequest.of(TrainingFold.all(PlantedSequences.of(300, 6, 1)), 0).encodings();
    private final Preprocessing preprocessing = encodings.standardizedFlat();
    private final DesignMatrix rows = new DesignMatrix(preprocessing, encodings.rows());

    @Test
    void standsWhereThePenalisedLikelihoodIsFlat() {
        double c = 0.7;
        double[] beta = minimized(c, () -> false);

        double[] gradient = beta.clone();
        gradient[gradient.length - 1] = 0;
        for (int row = 0; row < rows.rowCount; row++) {
            rows.addTo(row, c * (Sigmoid.of(rows.dot(row, beta)) - encodings.labels()[row]), gradient);
        }
        for (double slope : gradient) {
            assertThat(slope).isCloseTo(0, within(1e-6));
        }
    }

    @Test
    void conjugateGradientsFindTheSameAnswer() {
        double[] dense = minimized(2, () -> false);
        double[] wide;
        try (ChunkedLoops loops = new ChunkedLoops(1, () -> false)) {
            double penalty = 1 / (2.0 * rows.rowCount);
            ClassLikelihood likelihood = new ClassLikelihood(rows, encodings.labels(), weights(), 1, penalty, loops);
            wide = new TruncatedNewton(likelihood).minimize(likelihood.start(), (iteration, value) -> {});
        }
        for (int i = 0; i < dense.length; i++) {
            assertThat(wide[i]).isCloseTo(dense[i], within(1e-5));
        }
    }

    @Test
    void standardisesAndKeepsZerosOut() {
        float[] encoded = preprocessing.encode(encodings.rows());
        Rows raw = encodings.rows();

        double sum = 0;
        double squares = 0;
        int width = preprocessing.encodedWidth();
        for (int row = 0; row < raw.rowCount(); row++) {
            sum += encoded[row * width + 1];
            squares += encoded[row * width + 1] * encoded[row * width + 1];
        }
        assertThat(sum / raw.rowCount()).isCloseTo(0, within(1e-5));
        assertThat(squares / raw.rowCount()).isCloseTo(1, within(1e-4));
        assertThat(preprocessing.encodedNames()).endsWith("region=north", "region=south", "region=west");
    }

    @Test
    void stopsWhenCancelled() {
        assertThatThrownBy(() -> minimized(1, () -> true)).isInstanceOf(CancellationException.class);
    }

    private double[] minimized(double c, java.util.function.BooleanSupplier isCancelled) {
        return new PenalizedLikelihood(rows, encodings.labels(), weights(), c, FitListener.NONE, isCancelled)
                .minimize();
    }

    private float[] weights() {
        float[] weights = new float[rows.rowCount];
        java.util.Arrays.fill(weights, 1);
        return weights;
    }
}
