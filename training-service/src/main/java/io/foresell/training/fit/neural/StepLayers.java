package io.foresell.training.fit.neural;

import io.foresell.model.graph.network.Shape;
import io.foresell.training.fit.Ranges;
import java.util.Locale;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.Activation;

/** Layers that read all steps of a sequence, and those that make a vector of steps or pixels. */
public final class StepLayers {
    private StepLayers() {}

    /**
     * Goes through a sequence step by step.
     *
     * @param units channels it leaves for each direction, 1 to 1024
     * @param isBidirectional whether another one goes from the last step to the first; then channels are twice the units
     */
    public record Recurrent(Kind kind, int units, boolean isBidirectional) implements NetworkLayer {
        /** What a step computes. */
        public enum Kind {
            /** Long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates, without peepholes). */
            LSTM,
            /** {@code tanh(W x + R h + b)}. */
            RNN
        }

        public Recurrent {
            Ranges.require(kind.name().toLowerCase(Locale.ROOT) + ".units", units, 1, 1024);
        }

        @Override
        public String asText() {
            return "%s{units: %d, bidirectional: %s}"
                    .formatted(kind.name().toLowerCase(Locale.ROOT), units, isBidirectional);
        }

        @Override
        public Shape outputShape(Shape input) {
            if (input instanceof Shape.Sequence sequence) {
                return new Shape.Sequence(isBidirectional ? 2 * units : units, sequence.length());
            }
            throw NetworkLayer.unexpected(input, "a sequence");
        }

        @Override
        public String add(Place place, Shape input) {
            BaseRecurrentLayer cell = cell(input.channels());
            place.graph().addLayer(place.name(), isBidirectional ? new Bidirectional(cell) : cell, place.input());
            return place.name();
        }

        private BaseRecurrentLayer cell(int channels) {
            return kind == Kind.LSTM
                    ? new LSTM.Builder()
                            .nIn(channels)
                            .nOut(units)
                            .activation(Activation.TANH)
                            .gateActivationFunction(Activation.SIGMOID)
                            .dataFormat(RNNFormat.NCW)
                            .build()
                    : new SimpleRnn.Builder()
                            .nIn(channels)
                            .nOut(units)
                            .activation(Activation.TANH)
                            .dataFormat(RNNFormat.NCW)
                            .build();
        }

        @Override
        public boolean isForSteps() {
            return true;
        }

        @Override
        public boolean isRecurrent() {
            return true;
        }
    }

    /**
     * Every step becomes a mean of all steps, weighted by how well they fit (Vaswani et al. 2017).
     *
     * @param heads how many such means stand beside each other, 1 to 64
     * @param units channels it leaves, 1 to 1024, a multiple of the heads
     */
    public record Attention(int heads, int units) implements NetworkLayer {
        public Attention {
            Ranges.require("attention.heads", heads, 1, 64);
            Ranges.require("attention.units", units, 1, 1024);
            if (units % heads != 0) {
                throw new io.foresell.kit.ServiceException(io.foresell.kit.Failure.invalid(
                        "PARAMETER_OUT_OF_RANGE",
                        "attention.units",
                        units,
                        "a multiple of the %d heads".formatted(heads)));
            }
        }

        @Override
        public String asText() {
            return "attention{heads: %d, units: %d}".formatted(heads, units);
        }

        @Override
        public Shape outputShape(Shape input) {
            if (input instanceof Shape.Sequence sequence) {
                return new Shape.Sequence(units, sequence.length());
            }
            throw NetworkLayer.unexpected(input, "a sequence");
        }

        @Override
        public String add(Place place, Shape input) {
            place.graph()
                    .addLayer(
                            place.name(),
                            new SelfAttentionLayer.Builder()
                                    .nIn(input.channels())
                                    .nOut(units)
                                    .nHeads(heads)
                                    .headSize(units / heads)
                                    .projectInput(true)
                                    .build(),
                            place.input());
            return place.name();
        }

        @Override
        public boolean isForSteps() {
            return true;
        }
    }

    /** One number per channel. */
    public record Pooled(GlobalPool by) implements NetworkLayer {
        @Override
        public String asText() {
            return "global_pool: " + by.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public Shape outputShape(Shape input) {
            if (input instanceof Shape.Sequence || (input instanceof Shape.Image && by != GlobalPool.LAST)) {
                return new Shape.Vector(input.channels());
            }
            throw NetworkLayer.unexpected(input, by == GlobalPool.LAST ? "a sequence" : "a sequence or an image");
        }

        @Override
        public String add(Place place, Shape input) {
            if (by == GlobalPool.LAST) {
                place.graph().addVertex(place.name(), new LastTimeStepVertex(place.source()), place.input());
                return place.name();
            }
            PoolingType type =
                    switch (by) {
                        case MAX -> PoolingType.MAX;
                        case SUM -> PoolingType.SUM;
                        case MEAN, LAST -> PoolingType.AVG;
                    };
            place.graph()
                    .addLayer(
                            place.name(),
                            new GlobalPoolingLayer.Builder().poolingType(type).build(),
                            place.input());
            return place.name();
        }

        @Override
        public boolean isForSteps() {
            return true;
        }

        @Override
        public boolean isPooling() {
            return true;
        }
    }

    /** All pixels of an image beside each other. */
    public record Flatten() implements NetworkLayer {
        @Override
        public String asText() {
            return "flatten";
        }

        @Override
        public Shape outputShape(Shape input) {
            if (input instanceof Shape.Image) {
                return new Shape.Vector(input.size());
            }
            throw NetworkLayer.unexpected(input, "an image");
        }

        @Override
        public String add(Place place, Shape input) {
            Shape.Image image = (Shape.Image) input;
            place.graph()
                    .addVertex(
                            place.name(),
                            new PreprocessorVertex(
                                    new CnnToFeedForwardPreProcessor(image.height(), image.width(), image.channels())),
                            place.input());
            return place.name();
        }

        @Override
        public boolean isForSteps() {
            return true;
        }

        @Override
        public boolean isPooling() {
            return true;
        }
    }
}
