package io.foresell.training.fit.network;

import io.foresell.model.graph.network.Dense;
import io.foresell.model.graph.network.Embedding;
import io.foresell.model.graph.network.Shape;
import io.foresell.model.graph.network.Tensor;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;

/** Layers that treat every step or pixel alike. DL4J keeps dense weights as [inputs, outputs]. */
final class PlainLayers {
    private final LayerReader reader;

    PlainLayers(LayerReader reader) {
        this.reader = reader;
    }

    void register() {
        reader.put(DenseLayer.class, this::dense);
        reader.put(BatchNormalization.class, this::normalization);
        reader.put(
                EmbeddingLayer.class,
                (layer, parameters, input) -> reader.activate(layer, parameters, embedding(parameters, input)));
        reader.put(EmbeddingSequenceLayer.class, this::embeddingSequence);
    }

    private Tensor dense(DenseLayer layer, LayerParameters parameters, Tensor input) {
        if (layer.hasLayerNorm()) {
            throw new UnsupportedLayerException(parameters.layer(), "layer normalisation", "none");
        }
        return reader.activateRows(layer, parameters, product(parameters, input));
    }

    /** Adds weights and bias. */
    Tensor product(LayerParameters parameters, Tensor input) {
        int inputs = parameters.size("W", 0);
        int outputs = parameters.size("W", 1);
        Dense dense = new Dense(inputs, outputs, parameters.transposed("W"), parameters.rowMajorOrZeros("b", outputs));
        return reader.builder().apply(dense, input);
    }

    private Tensor normalization(BatchNormalization layer, LayerParameters parameters, Tensor input) {
        if (input.shape() instanceof Shape.Sequence) {
            // DL4J 1.0.0-M2.1 takes the rows of the batch for the channels, and fails unless they are as many.
            throw new UnsupportedLayerException(
                    parameters.layer(), "batch normalisation of " + input.shape(), "of a vector or an image");
        }
        float[] mean = parameters.rowMajor("mean");
        float[] variance =
                layer.isUseLogStd() ? fromLog(parameters.rowMajor("log10stdev")) : parameters.rowMajor("var");
        boolean isLocked = layer.isLockGammaBeta();
        var normalization = new io.foresell.model.graph.network.BatchNormalization(
                isLocked ? filled(mean.length, layer.getGamma()) : parameters.rowMajor("gamma"),
                isLocked ? filled(mean.length, layer.getBeta()) : parameters.rowMajor("beta"),
                mean,
                variance,
                (float) layer.getEps());
        // DL4J computes no activation here, whatever the configuration says.
        return reader.builder().apply(normalization, input);
    }

    private static float[] filled(int count, double value) {
        float[] values = new float[count];
        Arrays.fill(values, (float) value);
        return values;
    }

    /** Returns the variances of decimal logarithms of deviations. */
    private static float[] fromLog(float[] logs) {
        float[] variances = new float[logs.length];
        for (int i = 0; i < logs.length; i++) {
            variances[i] = (float) Math.pow(10, 2.0 * logs[i]);
        }
        return variances;
    }

    private Tensor embeddingSequence(EmbeddingSequenceLayer layer, LayerParameters parameters, Tensor input) {
        if (layer.getOutputFormat() != RNNFormat.NCW) {
            throw new UnsupportedLayerException(parameters.layer(), "format " + layer.getOutputFormat(), "NCW");
        }
        return reader.activate(layer, parameters, embedding(parameters, input));
    }

    private Tensor embedding(LayerParameters parameters, Tensor input) {
        int rows = parameters.size("W", 0);
        int width = parameters.size("W", 1);
        float[] table = parameters.rowMajor("W");
        float[] bias = parameters.rowMajorOrZeros("b", width);
        for (int i = 0; i < table.length; i++) {
            table[i] += bias[i % width];
        }
        return reader.builder().apply(new Embedding(rows, width, table), input);
    }
}
