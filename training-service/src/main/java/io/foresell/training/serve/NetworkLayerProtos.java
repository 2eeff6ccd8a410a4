package io.foresell.training.serve;

import io.foresell.proto.training.v1.AttentionLayer;
import io.foresell.proto.training.v1.Conv1dLayer;
import io.foresell.proto.training.v1.Conv2dLayer;
import io.foresell.proto.training.v1.DenseLayer;
import io.foresell.proto.training.v1.NetworkLayer.LayerCase;
import io.foresell.proto.training.v1.PoolLayer;
import io.foresell.proto.training.v1.RecurrentLayer;
import io.foresell.training.fit.neural.ConvolutionLayers.Conv1d;
import io.foresell.training.fit.neural.ConvolutionLayers.Conv2d;
import io.foresell.training.fit.neural.ConvolutionLayers.Pool;
import io.foresell.training.fit.neural.GlobalPool;
import io.foresell.training.fit.neural.NetworkLayer;
import io.foresell.training.fit.neural.StepLayers.Attention;
import io.foresell.training.fit.neural.StepLayers.Flatten;
import io.foresell.training.fit.neural.StepLayers.Pooled;
import io.foresell.training.fit.neural.StepLayers.Recurrent;
import io.foresell.training.fit.neural.VectorLayers.BatchNorm;
import io.foresell.training.fit.neural.VectorLayers.Dense;
import io.foresell.training.fit.neural.VectorLayers.Dropout;
import org.jspecify.annotations.Nullable;

/** Layers of a network; a number of 0 means its default. */
final class NetworkLayerProtos {
    private static final int USUAL_UNITS = 16;

    private final SpecCheck check;

    NetworkLayerProtos(SpecCheck check) {
        this.check = check;
    }

    /** Returns a layer; null after a refusal. */
    @Nullable
    NetworkLayer layer(String field, io.foresell.proto.training.v1.NetworkLayer message) {
        if (message.getLayerCase() == LayerCase.LAYER_NOT_SET) {
            check.refuse(
                    field,
                    "nothing",
                    "one of dense, dropout, batch_norm, conv1d, conv2d, max_pool, mean_pool, lstm, rnn, attention,"
                            + " global_pool, flatten");
            return null;
        }
        return check.checked(field, () -> known(field, message));
    }

    private NetworkLayer known(String field, io.foresell.proto.training.v1.NetworkLayer message) {
        return switch (message.getLayerCase()) {
            case DENSE -> dense(field + ".dense", message.getDense());
            case DROPOUT -> new Dropout(message.getDropout());
            case BATCH_NORM -> new BatchNorm();
            case CONV1D -> conv1d(field + ".conv1d", message.getConv1D());
            case CONV2D -> conv2d(field + ".conv2d", message.getConv2D());
            case MAX_POOL -> pool(Pool.Kind.MAX, message.getMaxPool());
            case MEAN_POOL -> pool(Pool.Kind.MEAN, message.getMeanPool());
            case LSTM -> recurrent(Recurrent.Kind.LSTM, message.getLstm());
            case RNN -> recurrent(Recurrent.Kind.RNN, message.getRnn());
            case ATTENTION -> attention(message.getAttention());
            case GLOBAL_POOL -> pooled(field + ".global_pool", message);
            case FLATTEN -> new Flatten();
            case LAYER_NOT_SET -> throw new IllegalStateException("no layer");
        };
    }

    private static int or(int value, int defaultValue) {
        return value == 0 ? defaultValue : value;
    }

    private Dense dense(String field, DenseLayer message) {
        return new Dense(
                or(message.getUnits(), 2 * USUAL_UNITS),
                NetworkProtos.activation(field, message.getActivation(), message.getActivationValue(), check),
                message.getDropout());
    }

    private Conv1d conv1d(String field, Conv1dLayer message) {
        return new Conv1d(
                or(message.getFilters(), USUAL_UNITS),
                or(message.getKernel(), 3),
                or(message.getStride(), 1),
                or(message.getDilation(), 1),
                NetworkProtos.activation(field, message.getActivation(), message.getActivationValue(), check));
    }

    private Conv2d conv2d(String field, Conv2dLayer message) {
        return new Conv2d(
                or(message.getFilters(), USUAL_UNITS),
                or(message.getKernel(), 3),
                or(message.getStride(), 1),
                NetworkProtos.activation(field, message.getActivation(), message.getActivationValue(), check));
    }

    private static Pool pool(Pool.Kind kind, PoolLayer message) {
        int size = or(message.getSize(), 2);
        return new Pool(kind, size, or(message.getStride(), size));
    }

    private static Recurrent recurrent(Recurrent.Kind kind, RecurrentLayer message) {
        return new Recurrent(kind, or(message.getUnits(), USUAL_UNITS), message.getBidirectional());
    }

    private static Attention attention(AttentionLayer message) {
        int heads = or(message.getHeads(), 1);
        return new Attention(heads, or(message.getUnits(), USUAL_UNITS * heads));
    }

    private Pooled pooled(String field, io.foresell.proto.training.v1.NetworkLayer message) {
        return new Pooled(
                switch (message.getGlobalPool()) {
                    case GLOBAL_POOL_MAX -> GlobalPool.MAX;
                    case GLOBAL_POOL_MEAN -> GlobalPool.MEAN;
                    case GLOBAL_POOL_SUM -> GlobalPool.SUM;
                    case GLOBAL_POOL_LAST -> GlobalPool.LAST;
                    case GLOBAL_POOL_UNSPECIFIED, UNRECOGNIZED -> {
                        check.refuse(field, message.getGlobalPoolValue(), "MAX, MEAN, SUM or LAST");
                        yield GlobalPool.MAX;
                    }
                });
    }
}
