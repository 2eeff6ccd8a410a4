package io.foresell.training.fit.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.model.Rows;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.PlantedSequences;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.evaluate.Metrics;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.linear.LogisticRegression;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

final class SequenceNetworkFitterTest {
    @Test
    void bothBodiesLearnAPatternThatNoWeightingOfWeeksCan() {
        Fold fold = Splitter.split(PlantedSequences.of(700, 10, 1), new SplitPlan.Entity(0.3), 1)
                .get(0);

        assertThat(rocAuc(fold, LogisticRegression.DEFAULT)).isLessThan(0.65);
        assertThat(rocAuc(fold, new SequenceNetwork(NetworkKind.CONV1D, 16, 3, 8, 32, 0.005)))
                .isGreaterThan(0.95);
        assertThat(rocAuc(fold, new SequenceNetwork(NetworkKind.LSTM, 12, 3, 10, 32, 0.03)))
                .isGreaterThan(0.9);
    }

    @Test
    void theSameSeedGivesTheSameBytes() {
        TrainingFold fold = TrainingFold.all(PlantedSequences.of(120, 6, 1));
        SequenceNetwork parameters = new SequenceNetwork(NetworkKind.CONV1D, 4, 3, 2, 32, 0.01);

        byte[] onnx;
        byte[] source;
        try (FittedModel model = fit(fold, parameters, 5)) {
            onnx = model.onnx();
            source = model.source().get("model.dl4j.zip");
        }
        try (FittedModel model = fit(fold, parameters, 5)) {
            assertThat(model.onnx()).isEqualTo(onnx);
            assertThat(model.source()).containsEntry("model.dl4j.zip", source);
            assertThat(model.libraryVersions()).containsEntry("deeplearning4j-nn", "1.0.0-M2.1");
        }
        try (FittedModel model = fit(fold, parameters, 6)) {
            assertThat(model.onnx()).isNotEqualTo(onnx);
        }
    }

    @Test
    void stopsBetweenBatches() {
        TrainingFold fold = TrainingFold.all(PlantedSequences.of(120, 6, 1));
        List<Integer> asked = new ArrayList<>();

        assertThatThrownBy(() -> SequenceNetwork.DEFAULT
                        .fitter(1)
                        .fit(FitRequest.of(fold, 1).until(() -> {
                            asked.add(1);
                            return asked.size() > 2;
                        })))
                .isInstanceOf(CancellationException.class);
    }

    private static FittedModel fit(TrainingFold fold, Algorithm parameters, long seed) {
        return parameters.fitter(1).fit(FitRequest.of(fold, seed));
    }

    private static double rocAuc(Fold fold, Algorithm parameters) {
        try (FittedModel model = fit(fold.training(), parameters, 3)) {
            Rows rows = fold.heldOut().rows(model.signature());
            return Metrics.of(fold.heldOut().labels(), model.predict(rows))
                    .all()
                    .getOrDefault(Metric.ROC_AUC, Double.NaN);
        }
    }
}
