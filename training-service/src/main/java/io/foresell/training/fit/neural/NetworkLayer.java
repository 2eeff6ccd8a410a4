package io.foresell.training.fit.neural;

import io.foresell.model.graph.network.Shape;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;

/** One layer of a declared architecture. */
public sealed interface NetworkLayer
        permits ConvolutionLayers.Conv1d,
                ConvolutionLayers.Conv2d,
                ConvolutionLayers.Pool,
                StepLayers.Attention,
                StepLayers.Recurrent,
                StepLayers.Flatten,
                StepLayers.Pooled,
                VectorLayers.BatchNorm,
                VectorLayers.Dense,
                VectorLayers.Dropout {
    /** What the steps of a network are called while it is put together in DL4J. */
    record Place(GraphBuilder graph, String source, String name, String input) {}

    /** Returns the layer as a spec has it. */
    String asText();

    /**
     * Returns the shape it leaves.
     *
     * @throws IllegalArgumentException saying what it expects when it cannot read the shape
     */
    Shape outputShape(Shape input);

    /** Adds DL4J's layers for a value of this shape and returns the name of what they leave. */
    String add(Place place, Shape input);

    /** Returns whether it is made for steps or pixels and can read no vector. */
    default boolean isForSteps() {
        return false;
    }

    /** Returns whether it leaves a vector of steps or pixels. */
    default boolean isPooling() {
        return false;
    }

    /** Returns whether it goes from step to step. */
    default boolean isRecurrent() {
        return false;
    }

    /** Refuses a shape. */
    static IllegalArgumentException unexpected(Shape input, String expected) {
        return new IllegalArgumentException("%s (expected: %s)".formatted(described(input), expected));
    }

    /** Returns a shape in words. */
    static String described(Shape shape) {
        if (shape instanceof Shape.Image image) {
            return "an image of %d x %d x %d".formatted(image.height(), image.width(), image.channels());
        }
        if (shape instanceof Shape.Sequence sequence) {
            return "a sequence of %d steps x %d".formatted(sequence.length(), sequence.channels());
        }
        return "%d numbers".formatted(shape.size());
    }
}
