package io.foresell.training.fit.neural;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.graph.network.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Declared layers over the bodies of a network: what each body goes through until it is a vector, and what reads the vectors.
 * Every shape has been checked.
 */
final class Architecture {
    /**
     * What stands in steps or pixels.
     *
     * @param isText whether the steps are words, the last of which are missing in short texts
     */
    record Body(String name, Shape shape, boolean isText) {
        static Body of(NetworkSource source) {
            return new Body(source.name(), source.shape(), source instanceof NetworkSource.Words);
        }
    }

    /** A layer and the shape it reads. */
    record Step(NetworkLayer layer, Shape input) {
        Shape output() {
            return layer.outputShape(input);
        }
    }

    private static final int IMAGE_OF_TWO_STAGES = 8;

    private final List<List<Step>> branches;
    private final List<Step> trunk;
    private final Shape trunkInput;

    private Architecture(List<List<Step>> branches, List<Step> trunk, Shape trunkInput) {
        this.branches = branches;
        this.trunk = trunk;
        this.trunkInput = trunkInput;
    }

    /** Returns the layers of each body, in the bodies' order. */
    List<List<Step>> branches() {
        return branches;
    }

    /** Returns the layers over the vectors of all bodies and all numbers beside each other. */
    List<Step> trunk() {
        return trunk;
    }

    /** Returns the width that the output layer reads. */
    int outputInputs() {
        return trunk.isEmpty()
                ? trunkInput.size()
                : trunk.get(trunk.size() - 1).output().size();
    }

    /**
     * Puts layers over bodies.
     *
     * @param declared empty for the usual ones
     * @param vectorWidth how many numbers stand beside the bodies
     * @throws ServiceException FAILED_PRECONDITION naming the layer, what it would read and what it expects
     */
    static Architecture of(List<NetworkLayer> declared, List<Body> bodies, int vectorWidth) {
        int end = bodyEnd(declared);
        if (bodies.isEmpty() && end > 0) {
            throw misfit(
                    0, declared.get(0), "the features", "numbers and categories only", "a sequence, an image or words");
        }
        List<List<Step>> branches = new ArrayList<>();
        int width = vectorWidth;
        for (Body body : bodies) {
            List<Step> steps = branch(declared.subList(0, end), body);
            width += steps.get(steps.size() - 1).output().size();
            branches.add(steps);
        }
        List<NetworkLayer> rest =
                declared.isEmpty() ? usualTrunk(bodies, vectorWidth) : declared.subList(end, declared.size());
        Shape joined = new Shape.Vector(width);
        return new Architecture(branches, chained(rest, end, "the joined values", joined), joined);
    }

    /** Returns how many of the first layers read bodies. */
    private static int bodyEnd(List<NetworkLayer> layers) {
        int end = 0;
        for (int i = 0; i < layers.size() && !(layers.get(i) instanceof VectorLayers.Dense); i++) {
            end = layers.get(i).isForSteps() ? i + 1 : end;
            if (layers.get(i).isPooling()) {
                return i + 1;
            }
        }
        return end;
    }

    private static List<Step> branch(List<NetworkLayer> declared, Body body) {
        List<NetworkLayer> layers = declared.isEmpty() ? usualBranch(body) : declared;
        List<Step> steps = new ArrayList<>(chained(layers, 0, body.name(), body.shape()));
        Step last = steps.get(steps.size() - 1);
        if (!(last.output() instanceof Shape.Vector)) {
            steps.add(new Step(usualPooling(layers, last.output(), body), last.output()));
        }
        return List.copyOf(steps);
    }

    private static NetworkLayer usualPooling(List<NetworkLayer> layers, Shape shape, Body body) {
        if (shape instanceof Shape.Image) {
            return new StepLayers.Flatten();
        }
        NetworkLayer last = layers.stream()
                .filter(NetworkLayer::isForSteps)
                .reduce((first, second) -> second)
                .orElseThrow();
        boolean isOneWay = last instanceof StepLayers.Recurrent recurrent && !recurrent.isBidirectional();
        return new StepLayers.Pooled(isOneWay && !body.isText() ? GlobalPool.LAST : GlobalPool.MAX);
    }

    private static List<Step> chained(List<NetworkLayer> layers, int firstIndex, String what, Shape input) {
        List<Step> steps = new ArrayList<>();
        Shape shape = input;
        for (int i = 0; i < layers.size(); i++) {
            NetworkLayer layer = layers.get(i);
            try {
                steps.add(new Step(layer, shape));
                shape = layer.outputShape(shape);
            } catch (IllegalArgumentException e) {
                throw new ServiceException(Failure.precondition(
                        "NETWORK_LAYER_MISFIT",
                        "layers[%d] %s over %s: reads %s"
                                .formatted(firstIndex + i, layer.asText(), what, e.getMessage())));
            }
        }
        return List.copyOf(steps);
    }

    private static ServiceException misfit(int index, NetworkLayer layer, String what, String found, String expected) {
        return new ServiceException(Failure.precondition(
                "NETWORK_LAYER_MISFIT",
                "layers[%d] %s over %s: reads %s (expected: %s)"
                        .formatted(index, layer.asText(), what, found, expected)));
    }

    private static List<NetworkLayer> usualBranch(Body body) {
        if (body.isText()) {
            return List.of(
                    new VectorLayers.Dropout(0.2),
                    new ConvolutionLayers.Conv1d(128, 3, 1, 1, Nonlinearity.RELU),
                    new StepLayers.Pooled(GlobalPool.MAX),
                    new VectorLayers.Dropout(0.5));
        }
        if (body.shape() instanceof Shape.Image image) {
            int kernel = Math.min(3, Math.min(image.height(), image.width()));
            NetworkLayer first = new ConvolutionLayers.Conv2d(16, kernel, 1, Nonlinearity.RELU);
            if (Math.min(image.height(), image.width()) < IMAGE_OF_TWO_STAGES) {
                return List.of(first, new StepLayers.Flatten());
            }
            return List.of(
                    first,
                    new ConvolutionLayers.Pool(ConvolutionLayers.Pool.Kind.MAX, 2, 2),
                    new ConvolutionLayers.Conv2d(32, kernel, 1, Nonlinearity.RELU),
                    new ConvolutionLayers.Pool(ConvolutionLayers.Pool.Kind.MAX, 2, 2),
                    new StepLayers.Flatten());
        }
        return List.of(
                new StepLayers.Recurrent(StepLayers.Recurrent.Kind.LSTM, 16, true),
                new StepLayers.Pooled(GlobalPool.MAX));
    }

    private static List<NetworkLayer> usualTrunk(List<Body> bodies, int vectorWidth) {
        NetworkLayer last = new VectorLayers.Dense(32, Nonlinearity.RELU, 0.2);
        if (bodies.isEmpty()) {
            return List.of(new VectorLayers.Dense(64, Nonlinearity.RELU, 0.2), last);
        }
        // What filters found in texts alone says the answer directly (Kim 2014); a narrow layer between would mix
        // dozens of classes.
        return vectorWidth == 0 && bodies.stream().allMatch(Body::isText) ? List.of() : List.of(last);
    }
}
