package io.foresell.training.fit.network;

import io.foresell.model.graph.network.Activation;
import io.foresell.model.graph.network.Lstm;
import io.foresell.model.graph.network.Recurrent;
import io.foresell.model.graph.network.Tensor;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.AbstractLSTM;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.nd4j.linalg.activations.IActivation;

/**
 * Recurrent layers. DL4J keeps weights as [inputs, gates * units] with an LSTM's gates in the order cell, forget, output,
 * input; the model wants [gates * units, inputs] in the order input, output, forget, cell. A Graves LSTM's peepholes are
 * three more columns of the recurrent weights, in the order forget, output, input.
 */
// The Graves layers are deprecated, but files with them exist.
@SuppressWarnings("deprecation")
final class RecurrentLayers {
    private static final int GATES = 4;
    /** Place in DL4J's order of the gates input, output, forget, cell. */
    private static final int[] GATE_PLACES = {3, 2, 1, 0};

    private static final int[] PEEPHOLE_PLACES = {2, 1, 0};

    private final LayerReader reader;

    RecurrentLayers(LayerReader reader) {
        this.reader = reader;
    }

    void register() {
        reader.put(LSTM.class, (layer, parameters, input) -> reader.builder().apply(cell(layer, parameters), input));
        reader.put(
                GravesLSTM.class, (layer, parameters, input) -> reader.builder().apply(cell(layer, parameters), input));
        reader.put(
                SimpleRnn.class, (layer, parameters, input) -> reader.builder().apply(cell(layer, parameters), input));
        reader.put(Bidirectional.class, this::bidirectional);
        reader.put(GravesBidirectionalLSTM.class, this::gravesBidirectional);
    }

    private Tensor bidirectional(Bidirectional layer, LayerParameters parameters, Tensor input) {
        var mode =
                switch (layer.getMode()) {
                    case CONCAT -> io.foresell.model.graph.network.Bidirectional.Mode.CONCATENATION;
                    case ADD -> io.foresell.model.graph.network.Bidirectional.Mode.SUM;
                    case MUL -> io.foresell.model.graph.network.Bidirectional.Mode.PRODUCT;
                    case AVERAGE -> io.foresell.model.graph.network.Bidirectional.Mode.MEAN;
                };
        return reader.builder()
                .apply(
                        new io.foresell.model.graph.network.Bidirectional(
                                cell(layer.getFwd(), parameters.under("f")),
                                cell(layer.getBwd(), parameters.under("b")),
                                mode),
                        input);
    }

    /** Two Graves LSTMs, added up. */
    private Tensor gravesBidirectional(GravesBidirectionalLSTM layer, LayerParameters parameters, Tensor input) {
        requireNcw(layer, parameters);
        return reader.builder()
                .apply(
                        new io.foresell.model.graph.network.Bidirectional(
                                lstm(layer.getGateActivationFn(), layer.getActivationFn(), parameters.before("F")),
                                lstm(layer.getGateActivationFn(), layer.getActivationFn(), parameters.before("B")),
                                io.foresell.model.graph.network.Bidirectional.Mode.SUM),
                        input);
    }

    private static Recurrent cell(Layer layer, LayerParameters parameters) {
        if (layer instanceof LSTM || layer instanceof GravesLSTM) {
            AbstractLSTM lstm = (AbstractLSTM) layer;
            requireNcw(lstm, parameters);
            return lstm(lstm.getGateActivationFn(), lstm.getActivationFn(), parameters);
        }
        if (layer instanceof SimpleRnn rnn && !rnn.hasLayerNorm()) {
            requireNcw(rnn, parameters);
            return new io.foresell.model.graph.network.SimpleRnn(
                    parameters.size("W", 0),
                    parameters.size("W", 1),
                    parameters.transposed("W"),
                    parameters.transposed("RW"),
                    parameters.rowMajor("b"),
                    Activations.of(parameters.layer(), rnn.getActivationFn()));
        }
        throw new UnsupportedLayerException(
                parameters.layer(),
                layer.getClass().getSimpleName(),
                "LSTM, GravesLSTM or SimpleRnn without layer normalisation");
    }

    private static void requireNcw(BaseRecurrentLayer layer, LayerParameters parameters) {
        if (layer.getRnnDataFormat() == RNNFormat.NWC) {
            throw new UnsupportedLayerException(parameters.layer(), "format NWC", "NCW");
        }
    }

    private static Lstm lstm(IActivation gates, IActivation cell, LayerParameters parameters) {
        int channels = parameters.size("W", 0);
        int units = parameters.size("RW", 0);
        float[] recurrent = parameters.transposed("RW");
        int recurrentSize = GATES * units * units;
        Activation gateFunction = Activations.of(parameters.layer(), gates);
        Activation cellFunction = Activations.of(parameters.layer(), cell);
        Lstm lstm = new Lstm(
                        channels,
                        units,
                        reordered(parameters.transposed("W"), GATE_PLACES),
                        reordered(Arrays.copyOf(recurrent, recurrentSize), GATE_PLACES),
                        reordered(parameters.rowMajor("b"), GATE_PLACES))
                .withActivations(gateFunction, cellFunction);
        return recurrent.length == recurrentSize
                ? lstm
                : lstm.withPeepholes(
                        reordered(Arrays.copyOfRange(recurrent, recurrentSize, recurrent.length), PEEPHOLE_PLACES));
    }

    /** Returns equal blocks of values in another order. */
    private static float[] reordered(float[] values, int[] places) {
        int block = values.length / places.length;
        float[] reordered = new float[values.length];
        for (int i = 0; i < places.length; i++) {
            System.arraycopy(values, places[i] * block, reordered, i * block, block);
        }
        return reordered;
    }
}
