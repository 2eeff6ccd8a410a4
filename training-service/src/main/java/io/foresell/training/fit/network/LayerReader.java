package io.foresell.training.fit.network;

import io.foresell.model.graph.network.Activation;
import io.foresell.model.graph.network.Flatten;
import io.foresell.model.graph.network.LastStep;
import io.foresell.model.graph.network.NetworkBuilder;
import io.foresell.model.graph.network.Shape;
import io.foresell.model.graph.network.Tensor;
import io.foresell.model.graph.network.ToImage;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.jspecify.annotations.Nullable;

/** Adds DL4J layers to a description, one at a time; knows which rule reads which layer. */
final class LayerReader {
    /** Adds one kind of layer. */
    @FunctionalInterface
    interface Rule<T extends Layer> {
        Tensor read(T layer, LayerParameters parameters, Tensor input);
    }

    private final Map<Class<? extends Layer>, Rule<Layer>> rules = new HashMap<>();
    private final NetworkBuilder builder;
    private final PlainLayers plain;

    LayerReader(NetworkBuilder builder) {
        this.builder = builder;
        this.plain = new PlainLayers(this);
        put(DropoutLayer.class, (layer, parameters, input) -> input);
        put(ActivationLayer.class, (layer, parameters, input) -> activate(layer, parameters, input));
        put(LastTimeStep.class, (layer, parameters, input) -> lastStep(read(layer.getUnderlying(), parameters, input)));
        put(FrozenLayer.class, (layer, parameters, input) -> read(layer.getLayer(), parameters, input));
        put(
                FrozenLayerWithBackprop.class,
                (layer, parameters, input) -> read(layer.getUnderlying(), parameters, input));
        plain.register();
        new SpatialLayers(this).register();
        new RecurrentLayers(this).register();
        new AttentionLayers(this).register();
    }

    /** Names the rule of a layer; of this class only, for a subclass may compute something else. */
    <T extends Layer> void put(Class<T> type, Rule<T> rule) {
        rules.put(type, (layer, parameters, input) -> rule.read(type.cast(layer), parameters, input));
    }

    NetworkBuilder builder() {
        return builder;
    }

    /** Adds a layer and its activation. */
    Tensor read(Layer layer, LayerParameters parameters, Tensor input) {
        Rule<Layer> rule = rules.get(layer.getClass());
        if (rule == null) {
            throw new UnsupportedLayerException(
                    parameters.layer(),
                    layer.getClass().getSimpleName(),
                    "one of "
                            + rules.keySet().stream()
                                    .map(Class::getSimpleName)
                                    .sorted()
                                    .toList());
        }
        return rule.read(layer, parameters, input);
    }

    /** Adds the last layer of a network without the function of its output. */
    Tensor readScores(Layer layer, LayerParameters parameters, Tensor input) {
        if (layer instanceof OutputLayer) {
            return plain.product(parameters, input);
        }
        return layer instanceof LossLayer ? input : read(layer, parameters, input);
    }

    /** Returns the function that {@link #readScores} left out. */
    Activation outputFunction(Layer layer, String name) {
        return layer instanceof OutputLayer || layer instanceof LossLayer
                ? Activations.of(name, ((BaseLayer) layer).getActivationFn())
                : Activation.IDENTITY;
    }

    /** Adds a layer's own activation. */
    Tensor activate(BaseLayer layer, LayerParameters parameters, Tensor input) {
        return activate(Activations.of(parameters.layer(), layer.getActivationFn()), parameters, input);
    }

    /** Adds the activation of a layer that DL4J computes with steps folded into rows: a softmax is over the channels. */
    Tensor activateRows(BaseLayer layer, LayerParameters parameters, Tensor input) {
        return activate(Activations.of(parameters.layer(), layer.getActivationFn()), input);
    }

    private Tensor activate(ActivationLayer layer, LayerParameters parameters, Tensor input) {
        return activate(Activations.of(parameters.layer(), layer.getActivationFn()), parameters, input);
    }

    private Tensor activate(Activation function, LayerParameters parameters, Tensor input) {
        if (function == Activation.SOFTMAX && !(input.shape() instanceof Shape.Vector)) {
            // DL4J takes it over the last dimension, the steps.
            throw new UnsupportedLayerException(parameters.layer(), "softmax of " + input.shape(), "of a vector");
        }
        return activate(function, input);
    }

    private Tensor activate(Activation function, Tensor input) {
        return function == Activation.IDENTITY ? input : builder.apply(function, input);
    }

    Tensor lastStep(Tensor input) {
        return builder.apply(new LastStep(), input);
    }

    /** Adds what DL4J does to a value before a layer; steps stay steps, whether it folds them into rows or not. */
    Tensor preprocess(String layer, @Nullable InputPreProcessor preprocessor, Tensor input) {
        if (preprocessor == null) {
            return input;
        }
        boolean isSequence = input.shape() instanceof Shape.Sequence;
        boolean isImage = input.shape() instanceof Shape.Image;
        if ((preprocessor instanceof RnnToFeedForwardPreProcessor && !isImage)
                || (preprocessor instanceof FeedForwardToRnnPreProcessor && isSequence)) {
            return input;
        }
        if (preprocessor instanceof CnnToFeedForwardPreProcessor cnn
                && (!isImage || cnn.getFormat() == CNN2DFormat.NCHW)) {
            return isImage ? builder.apply(new Flatten(), input) : input;
        }
        if (preprocessor instanceof FeedForwardToCnnPreProcessor cnn) {
            return isImage
                    ? input
                    : builder.apply(
                            new ToImage(
                                    (int) cnn.getNumChannels(), (int) cnn.getInputHeight(), (int) cnn.getInputWidth()),
                            input);
        }
        throw new UnsupportedLayerException(
                layer, preprocessor.getClass().getSimpleName() + " of " + input.shape(), "channels first, rows kept");
    }
}
