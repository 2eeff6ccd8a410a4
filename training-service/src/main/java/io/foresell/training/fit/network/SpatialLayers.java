package io.foresell.training.fit.network;

import io.foresell.model.graph.network.Convolution;
import io.foresell.model.graph.network.GlobalPooling;
import io.foresell.model.graph.network.Pooling;
import io.foresell.model.graph.network.Shape;
import io.foresell.model.graph.network.Tensor;
import io.foresell.model.graph.network.Window;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Pooling1D;
import org.deeplearning4j.nn.conf.layers.Pooling2D;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Convolution and pooling over the steps of a sequence or the pixels of an image. */
final class SpatialLayers {
    private final LayerReader reader;

    SpatialLayers(LayerReader reader) {
        this.reader = reader;
    }

    void register() {
        reader.put(Convolution1DLayer.class, this::convolution1D);
        reader.put(Convolution1D.class, this::convolution1D);
        reader.put(ConvolutionLayer.class, this::convolution2D);
        reader.put(Convolution2D.class, this::convolution2D);
        reader.put(Subsampling1DLayer.class, this::pooling);
        reader.put(Pooling1D.class, this::pooling);
        reader.put(SubsamplingLayer.class, this::pooling);
        reader.put(Pooling2D.class, this::pooling);
        reader.put(GlobalPoolingLayer.class, this::globalPooling);
    }

    private Tensor convolution1D(Convolution1DLayer layer, LayerParameters parameters, Tensor input) {
        if (layer.getRnnDataFormat() == RNNFormat.NWC) {
            throw new UnsupportedLayerException(parameters.layer(), "format NWC", "NCW");
        }
        int filters = parameters.size("W", 0);
        int channels = parameters.size("W", 1);
        int kernel = parameters.size("W", 2);
        Window window = window(
                layer.getConvolutionMode(),
                length(input, 0),
                layer.getKernelSize()[0],
                layer.getStride()[0],
                layer.getPadding()[0],
                layer.getDilation()[0]);
        float[] weights = kernelFirst(parameters.rowMajor("W"), filters, channels, kernel);
        return convolution(layer, parameters, input, List.of(window), weights);
    }

    /** DL4J reports [filters, channels, kernel] but reads its values as [kernel, channels, filters]. */
    private static float[] kernelFirst(float[] weights, int filters, int channels, int kernel) {
        float[] reordered = new float[weights.length];
        for (int filter = 0; filter < filters; filter++) {
            for (int channel = 0; channel < channels; channel++) {
                for (int step = 0; step < kernel; step++) {
                    reordered[(filter * channels + channel) * kernel + step] =
                            weights[(step * channels + channel) * filters + filter];
                }
            }
        }
        return reordered;
    }

    private Tensor convolution2D(ConvolutionLayer layer, LayerParameters parameters, Tensor input) {
        requireChannelsFirst(layer.getCnn2dDataFormat(), parameters);
        List<Window> windows = windows(
                input,
                layer.getConvolutionMode(),
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getDilation());
        return convolution(layer, parameters, input, windows, parameters.rowMajor("W"));
    }

    private Tensor convolution(
            ConvolutionLayer layer, LayerParameters parameters, Tensor input, List<Window> windows, float[] weights) {
        int filters = parameters.size("W", 0);
        Convolution convolution = new Convolution(
                windows, parameters.size("W", 1), filters, weights, parameters.rowMajorOrZeros("b", filters));
        return reader.activate(layer, parameters, reader.builder().apply(convolution, input));
    }

    private Tensor pooling(SubsamplingLayer layer, LayerParameters parameters, Tensor input) {
        requireChannelsFirst(layer.getCnn2dDataFormat(), parameters);
        Pooling.Kind kind =
                switch (layer.getPoolingType()) {
                    case MAX -> Pooling.Kind.MAX;
                    case AVG -> layer.isAvgPoolIncludePadInDivisor()
                            ? Pooling.Kind.AVERAGE_WITH_PADDING
                            : Pooling.Kind.AVERAGE;
                    case SUM, PNORM -> throw new UnsupportedLayerException(
                            parameters.layer(), "pooling by " + layer.getPoolingType(), "MAX or AVG");
                };
        List<Window> windows = windows(
                input,
                layer.getConvolutionMode(),
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getDilation());
        return reader.builder().apply(new Pooling(kind, windows), input);
    }

    private Tensor globalPooling(GlobalPoolingLayer layer, LayerParameters parameters, Tensor input) {
        int[] dimensions = layer.getPoolingDimensions();
        int[] usual = input.shape() instanceof Shape.Image ? new int[] {2, 3} : new int[] {2};
        if (!layer.isCollapseDimensions() || (dimensions != null && !Arrays.equals(dimensions, usual))) {
            throw new UnsupportedLayerException(
                    parameters.layer(), "pooling dimensions " + Arrays.toString(dimensions), "all but the channels");
        }
        return reader.builder()
                .apply(
                        switch (layer.getPoolingType()) {
                            case MAX -> GlobalPooling.of(GlobalPooling.Kind.MAX);
                            case AVG -> GlobalPooling.of(GlobalPooling.Kind.AVERAGE);
                            case SUM -> GlobalPooling.of(GlobalPooling.Kind.SUM);
                            case PNORM -> GlobalPooling.norm(layer.getPnorm());
                        },
                        input);
    }

    private static void requireChannelsFirst(CNN2DFormat format, LayerParameters parameters) {
        if (format != CNN2DFormat.NCHW) {
            throw new UnsupportedLayerException(parameters.layer(), "format " + format, "NCHW");
        }
    }

    /** Returns one window for a sequence, whose layers hold the length first, and two for an image. */
    private static List<Window> windows(
            Tensor input, ConvolutionMode mode, int[] kernel, int[] stride, int[] padding, int[] dilation) {
        Window first = window(mode, length(input, 0), kernel[0], stride[0], padding[0], dilation[0]);
        return input.shape() instanceof Shape.Image
                ? List.of(first, window(mode, length(input, 1), kernel[1], stride[1], padding[1], dilation[1]))
                : List.of(first);
    }

    private static int length(Tensor input, int axis) {
        if (input.shape() instanceof Shape.Image image) {
            return axis == 0 ? image.height() : image.width();
        }
        return input.shape() instanceof Shape.Sequence sequence ? sequence.length() : 1;
    }

    private static Window window(ConvolutionMode mode, int length, int kernel, int stride, int padding, int dilation) {
        return switch (mode) {
            case Same -> Window.same(length, kernel, stride, dilation);
            case Causal -> Window.causal(kernel, stride, dilation);
            case Strict, Truncate -> new Window(kernel, stride, dilation, padding, padding);
        };
    }
}
