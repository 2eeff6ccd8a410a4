package io.foresell.training.fit.neural;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.PlantedImages;
import io.foresell.training.dataset.PlantedSequences;
import io.foresell.training.dataset.PlantedTexts;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.linear.LogisticRegression;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Networks learn what no linear model of the same inputs can. */
final class PlantedPatternsTest {
    @Test
    void theUsualLayersLearnAPatternOfWeeks() {
        Fold fold = fold(PlantedSequences.of(700, 10, 1));

        assertThat(Fits.rocAuc(fold, LogisticRegression.DEFAULT)).isLessThan(0.65);
        assertThat(Fits.rocAuc(fold, Fits.network(Fits.plan(12, 32, 0.02)))).isGreaterThan(0.9);
    }

    @Test
    void theUsualLayersLearnTheOrderOfWords() {
        Fold fold = fold(PlantedTexts.of(700, 1));

        assertThat(Fits.rocAuc(fold, LogisticRegression.DEFAULT)).isLessThan(0.65);
        assertThat(Fits.rocAuc(fold, words(6, 0.005))).isGreaterThan(0.95);
    }

    @Test
    void anLstmLearnsTheOrderOfWords() {
        Fold fold = fold(PlantedTexts.of(700, 1));

        assertThat(Fits.rocAuc(
                        fold, words(8, 0.01, new StepLayers.Recurrent(StepLayers.Recurrent.Kind.LSTM, 16, true))))
                .isGreaterThan(0.9);
    }

    @Test
    void theUsualLayersLearnAStrokeAnywhereInAPicture() {
        Fold fold = fold(PlantedImages.of(800, 1));
        ImageInput image = new ImageInput("picture", PlantedImages.SIDE, PlantedImages.SIDE, 1);

        assertThat(Fits.rocAuc(fold, LogisticRegression.DEFAULT)).isLessThan(0.65);
        assertThat(Fits.rocAuc(fold, Fits.overImages(Fits.plan(10, 32, 0.005), image)))
                .isGreaterThan(0.9);
    }

    private static NeuralNetwork words(int epochs, double learningRate, NetworkLayer... layers) {
        return new NeuralNetwork(
                List.of(layers),
                new InputPlan(Optional.empty(), List.of(), 5000, 0, 16, 20, 0),
                Fits.plan(epochs, 32, learningRate));
    }

    private static Fold fold(TrainingSet set) {
        return Splitter.split(set, new SplitPlan.Entity(0.3), 1).get(0);
    }
}
