package io.foresell.model.graph;

import java.util.List;

/** Convolutions, each followed by ReLU, then the maximum over all steps per filter. */
public record ConvolutionBody(List<ConvolutionLayer> layers) implements SequenceBody {
    public ConvolutionBody {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("convolution layers: 0 (expected: 1 or more)");
        }
    }

    @Override
    public int outputWidth() {
        return layers.get(layers.size() - 1).filters;
    }
}
