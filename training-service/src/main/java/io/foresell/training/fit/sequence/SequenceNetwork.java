package io.foresell.training.fit.sequence;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.Ranges;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fits a network over sequences of one common length; numbers and texts join at the dense layer.
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
        return Set.of(Task.BINARY);
    }

    @Override
    public Fitter fitter(int threadCount) {
        return new SequenceNetworkFitter(this, threadCount);
    }

    @Override
    public double work() {
        return epochs * (kind == NetworkKind.LSTM ? 4 : 1.5);
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
