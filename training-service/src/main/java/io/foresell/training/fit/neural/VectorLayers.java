package io.foresell.training.fit.neural;

import io.foresell.model.graph.network.Shape;
import io.foresell.training.fit.Ranges;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;

/** Layers that read vectors, some of them also steps or pixels. */
public final class VectorLayers {
    private VectorLayers() {}

    /**
     * Weighted sums of all numbers.
     *
     * @param units numbers it leaves, 1 to 4096
     * @param dropout share of its answers left out at random while training, 0 to 0.9
     */
    public record Dense(int units, Nonlinearity activation, double dropout) implements NetworkLayer {
        public Dense {
            Ranges.require("dense.units", units, 1, 4096);
            Ranges.require("dense.dropout", dropout, 0, 0.9);
        }

        @Override
        public String asText() {
            return "dense{units: %d, activation: %s, dropout: %s}".formatted(units, activation.key(), dropout);
        }

        @Override
        public Shape outputShape(Shape input) {
            if (input instanceof Shape.Vector) {
                return new Shape.Vector(units);
            }
            throw NetworkLayer.unexpected(input, "numbers");
        }

        @Override
        public String add(Place place, Shape input) {
            place.graph()
                    .addLayer(
                            place.name(),
                            new DenseLayer.Builder()
                                    .nIn(input.size())
                                    .nOut(units)
                                    .activation(activation.function())
                                    .build(),
                            place.input());
            if (dropout == 0) {
                return place.name();
            }
            String name = place.name() + "_dropout";
            place.graph().addLayer(name, new DropoutLayer(1 - dropout), place.name());
            return name;
        }
    }

    /**
     * Leaves numbers out at random while training.
     *
     * @param share how many, 0.01 to 0.9
     */
    public record Dropout(double share) implements NetworkLayer {
        public Dropout {
            Ranges.require("dropout", share, 0.01, 0.9);
        }

        @Override
        public String asText() {
            return "dropout: " + share;
        }

        @Override
        public Shape outputShape(Shape input) {
            return input;
        }

        @Override
        public String add(Place place, Shape input) {
            // DL4J's number is the share that is kept.
            place.graph().addLayer(place.name(), new DropoutLayer(1 - share), place.input());
            return place.name();
        }
    }

    /** Scales every number, or every channel of an image, to mean 0 and deviation 1 over a batch (Ioffe and Szegedy 2015). */
    public record BatchNorm() implements NetworkLayer {
        @Override
        public String asText() {
            return "batch_norm";
        }

        @Override
        public Shape outputShape(Shape input) {
            if (input instanceof Shape.Sequence) {
                // DL4J 1.0.0-M2.1 takes the rows of the batch for the channels of a sequence.
                throw NetworkLayer.unexpected(input, "numbers or an image");
            }
            return input;
        }

        @Override
        public String add(Place place, Shape input) {
            int channels = input.channels();
            place.graph()
                    .addLayer(
                            place.name(),
                            new BatchNormalization.Builder()
                                    .nIn(channels)
                                    .nOut(channels)
                                    .build(),
                            place.input());
            return place.name();
        }
    }
}
