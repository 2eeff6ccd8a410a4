package io.foresell.training.fit.neural;

import io.foresell.model.Rows;
import io.foresell.training.dataset.Fold;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.evaluate.Metrics;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import java.util.List;
import java.util.Optional;

/** Short ways to networks and what they reach. */
final class Fits {
    private Fits() {}

    static TrainingPlan plan(int epochs, int batchSize, double learningRate) {
        return new TrainingPlan(
                epochs,
                batchSize,
                Optimizer.ADAM,
                learningRate,
                LearningRateSchedule.CONSTANT,
                0.01,
                GradientClipping.value(1),
                epochs,
                0.1,
                1,
                1);
    }

    static NeuralNetwork network(TrainingPlan plan, NetworkLayer... layers) {
        return new NeuralNetwork(List.of(layers), InputPlan.DEFAULT, plan);
    }

    static NeuralNetwork overImages(TrainingPlan plan, ImageInput image, NetworkLayer... layers) {
        return new NeuralNetwork(List.of(layers), inputs(image), plan);
    }

    static InputPlan inputs(ImageInput image) {
        return new InputPlan(Optional.of(image), List.of(), 5000, 0, 16, 20, 0);
    }

    static double rocAuc(Fold fold, Algorithm algorithm) {
        try (FittedModel model = algorithm.fitter(1).fit(FitRequest.of(fold.training(), 3))) {
            Rows rows = fold.heldOut().rows(model.signature());
            return Metrics.of(fold.heldOut().labels(), model.predict(rows))
                    .all()
                    .getOrDefault(Metric.ROC_AUC, Double.NaN);
        }
    }
}
