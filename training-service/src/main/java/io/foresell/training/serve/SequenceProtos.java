package io.foresell.training.serve;

import io.foresell.proto.training.v1.SequenceNetwork;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.sequence.NetworkKind;
import org.jspecify.annotations.Nullable;

/** Networks over sequences. */
final class SequenceProtos {
    private SequenceProtos() {}

    static @Nullable Algorithm network(String field, SequenceNetwork message, SpecCheck check) {
        var by = io.foresell.training.fit.sequence.SequenceNetwork.DEFAULT;
        NetworkKind kind =
                switch (message.getKind()) {
                    case NETWORK_KIND_UNSPECIFIED, NETWORK_KIND_CONV1D -> NetworkKind.CONV1D;
                    case NETWORK_KIND_LSTM -> NetworkKind.LSTM;
                    case UNRECOGNIZED -> {
                        check.refuse(field + ".kind", message.getKindValue(), "CONV1D or LSTM");
                        yield NetworkKind.CONV1D;
                    }
                };
        int units = check.count(field + ".units", message.getUnits(), by.units(), 1, 512);
        int kernelSize = check.count(field + ".kernel_size", message.getKernelSize(), by.kernelSize(), 1, 31);
        int epochs = check.count(field + ".epochs", message.getEpochs(), by.epochs(), 1, 1_000);
        int batchSize = check.count(field + ".batch_size", message.getBatchSize(), by.batchSize(), 1, 4_096);
        double learningRate = check.number(
                field + ".learning_rate",
                message.hasLearningRate(),
                message.getLearningRate(),
                by.learningRate(),
                1e-7,
                1);
        return check.checked(
                field,
                () -> new io.foresell.training.fit.sequence.SequenceNetwork(
                        kind, units, kernelSize, epochs, batchSize, learningRate));
    }
}
