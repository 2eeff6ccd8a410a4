package io.foresell.training.fit.network;

import io.foresell.model.graph.network.SelfAttention;
import io.foresell.model.graph.network.Tensor;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;

/**
 * Attention of the steps of a sequence, or of learned queries, to its steps. DL4J keeps the projections as [heads,
 * headWidth, inputs], the last one as [heads * headWidth, outputs] and the queries as [1, inputs, count].
 */
final class AttentionLayers {
    private final LayerReader reader;

    AttentionLayers(LayerReader reader) {
        this.reader = reader;
    }

    void register() {
        reader.put(SelfAttentionLayer.class, (layer, parameters, input) -> reader.builder()
                .apply(attention(layer.getNHeads(), parameters, input), input));
        reader.put(LearnedSelfAttentionLayer.class, this::learned);
    }

    private static SelfAttention attention(int heads, LayerParameters parameters, Tensor input) {
        int channels = input.shape().channels();
        if (!parameters.has("Wq")) {
            return SelfAttention.plain(channels);
        }
        return SelfAttention.projected(
                channels,
                heads,
                parameters.size("Wo", 1),
                parameters.rowMajor("Wq"),
                parameters.rowMajor("Wk"),
                parameters.rowMajor("Wv"),
                parameters.transposed("Wo"));
    }

    private Tensor learned(LearnedSelfAttentionLayer layer, LayerParameters parameters, Tensor input) {
        int channels = parameters.size("Q", 1);
        int count = parameters.size("Q", 2);
        float[] stored = parameters.rowMajor("Q");
        float[] queries = new float[stored.length];
        for (int channel = 0; channel < channels; channel++) {
            for (int query = 0; query < count; query++) {
                queries[query * channels + channel] = stored[channel * count + query];
            }
        }
        return reader.builder()
                .apply(attention(layer.getNHeads(), parameters, input).asking(count, queries), input);
    }
}
