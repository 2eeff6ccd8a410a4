package io.foresell.training.fit.sequence;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.Ranges;
import io.foresell.training.fit.neural.ConvolutionLayers;
import io.foresell.training.fit.neural.GlobalPool;
import io.foresell.training.fit.neural.GradientClipping;
import io.foresell.training.fit.neural.InputPlan;
import io.foresell.training.fit.neural.LearningRateSchedule;
import io.foresell.training.fit.neural.NetworkLayer;
import io.foresell.training.fit.neural.NeuralNetwork;
import io.foresell.training.fit.neural.Nonlinearity;
import io.foresell.training.fit.neural.Optimizer;
import io.foresell.training.fit.neural.StepLayers;
import io.foresell.training.fit.neural.TrainingPlan;
import io.foresell.training.fit.neural.VectorLayers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Is short for a {@link NeuralNetwork} over sequences of one common length: two convolutions and the greatest values, or an
 * LSTM's last step; numbers and one-hot texts join at one dense layer.
 *
 * @param units filters or hidden units, 1 to 512
 * @param kernelSize of a convolution, 1 to 31
 * @param epochs most passes over the training rows, 1 to 1000
 * @param batchSize rows of one step, 1 to 4096
 * @param learningRate Adam's step size
 */
public record SequenceNetwork(
        NetworkKind kind, int units, int kernelSize, int epochs, int batchSize, double learningRate)
        implements Algorithm {
    /** Is what a spec means that says nothing else. */
    public static final SequenceNetwork DEFAULT = new SequenceNetwork(NetworkKind.CONV1D, 16, 3, 30, 64, 0.003);

    private static final int LEAST_HIDDEN_UNITS = 8;
    private static final int PATIENCE_EPOCHS = 5;
    private static final double HELD_BACK_SHARE = 0.1;

    public SequenceNetwork {
        Ranges.require("units", units, 1, 512);
        Ranges.require("kernel_size", kernelSize, 1, 31);
        Ranges.require("epochs", epochs, 1, 1000);
        Ranges.require("batch_size", batchSize, 1, 4096);
        Ranges.require("learning_rate", learningRate, 1e-7, 1);
    }

    @Override
    public String key() {
        return "sequence_network";
    }

    @Override
    public Map<String, String> asText() {
        return Map.of(
                "kind", kind.name(),
                "units", Integer.toString(units),
                "kernel_size", Integer.toString(kernelSize),
                "epochs", Integer.toString(epochs),
                "batch_size", Integer.toString(batchSize),
                "learning_rate", Double.toString(learningRate));
    }

    @Override
    public Set<Task> tasks() {
        return network().tasks();
    }

    @Override
    public Fitter fitter(int threadCount) {
        return network().fitter(threadCount);
    }

    /** Returns what this is short for. */
    public NeuralNetwork network() {
        List<NetworkLayer> layers = new ArrayList<>();
        if (kind == NetworkKind.LSTM) {
            layers.add(new StepLayers.Recurrent(StepLayers.Recurrent.Kind.LSTM, units, false));
            layers.add(new StepLayers.Pooled(GlobalPool.LAST));
        } else {
            NetworkLayer convolution = new ConvolutionLayers.Conv1d(units, kernelSize, 1, 1, Nonlinearity.RELU);
            layers.addAll(List.of(convolution, convolution, new StepLayers.Pooled(GlobalPool.MAX)));
        }
        layers.add(new VectorLayers.Dense(Math.max(LEAST_HIDDEN_UNITS, units), Nonlinearity.RELU, 0));
        TrainingPlan training = new TrainingPlan(
                epochs,
                batchSize,
                Optimizer.ADAM,
                learningRate,
                LearningRateSchedule.CONSTANT,
                0,
                GradientClipping.value(1),
                PATIENCE_EPOCHS,
                HELD_BACK_SHARE,
                1,
                1);
        return new NeuralNetwork(layers, InputPlan.ONE_HOT, training);
    }

    @Override
    public double work() {
        return network().work();
    }

    @Override
    public void requireReadable(List<InputField> features) {
        List<InputField> sequences =
                features.stream().filter(field -> field.width() > 1).toList();
        if (sequences.isEmpty()) {
            throw new ServiceException(Failure.precondition(
                    "NO_SEQUENCE_FEATURES",
                    "sequence features with a value: 0 among %d features (expected: 1 or more for sequence_network, e.g."
                                    .formatted(features.size())
                            + " an aggregation with buckets above 1)"));
        }
        InputField first = sequences.get(0);
        for (InputField sequence : sequences) {
            if (sequence.width() != first.width()) {
                throw new ServiceException(Failure.precondition(
                        "SEQUENCE_LENGTHS_DIFFER",
                        "length of %s: %d (expected: %d like %s)"
                                .formatted(sequence.name(), sequence.width(), first.width(), first.name())));
            }
        }
    }
}
