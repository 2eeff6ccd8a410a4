package io.foresell.training.fit.neural;

import io.foresell.model.graph.network.Shape;
import io.foresell.training.fit.Ranges;
import java.util.Locale;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;

/** Layers that move a window over steps or pixels. */
public final class ConvolutionLayers {
    private static final int MAX_FILTERS = 1024;
    private static final int MAX_KERNEL = 63;

    private ConvolutionLayers() {}

    private static int places(int length, int stride) {
        return (length + stride - 1) / stride;
    }

    /**
     * Weighted sums over neighbouring steps; zeros stand before and after a sequence.
     *
     * @param filters channels it leaves, 1 to 1024
     * @param kernel steps it reads, 1 to 63; no more than there are
     * @param stride steps it moves on, 1 to 63
     * @param dilation distance of the steps it reads, 1 to 63
     */
    public record Conv1d(int filters, int kernel, int stride, int dilation, Nonlinearity activation)
            implements NetworkLayer {
        public Conv1d {
            Ranges.require("conv1d.filters", filters, 1, MAX_FILTERS);
            Ranges.require("conv1d.kernel", kernel, 1, MAX_KERNEL);
            Ranges.require("conv1d.stride", stride, 1, MAX_KERNEL);
            Ranges.require("conv1d.dilation", dilation, 1, MAX_KERNEL);
        }

        @Override
        public String asText() {
            return "conv1d{filters: %d, kernel: %d, stride: %d, dilation: %d, activation: %s}"
                    .formatted(filters, kernel, stride, dilation, activation.key());
        }

        @Override
        public Shape outputShape(Shape input) {
            if (!(input instanceof Shape.Sequence sequence)) {
                throw NetworkLayer.unexpected(input, "a sequence");
            }
            int span = (Math.min(kernel, sequence.length()) - 1) * dilation + 1;
            if (span > sequence.length() && dilation > 1) {
                throw NetworkLayer.unexpected(input, "%d steps or more, which the kernel spans".formatted(span));
            }
            return new Shape.Sequence(filters, places(sequence.length(), stride));
        }

        @Override
        public String add(Place place, Shape input) {
            int length = ((Shape.Sequence) input).length();
            place.graph()
                    .addLayer(
                            place.name(),
                            new Convolution1DLayer.Builder(Math.min(kernel, length))
                                    .nIn(input.channels())
                                    .nOut(filters)
                                    .stride(stride)
                                    .dilation(dilation)
                                    .convolutionMode(ConvolutionMode.Same)
                                    .activation(activation.function())
                                    .build(),
                            place.input());
            return place.name();
        }

        @Override
        public boolean isForSteps() {
            return true;
        }
    }

    /**
     * Weighted sums over squares of pixels; zeros stand around an image.
     *
     * @param filters channels it leaves, 1 to 1024
     * @param kernel rows and columns it reads, 1 to 63
     * @param stride pixels it moves on, 1 to 63
     */
    public record Conv2d(int filters, int kernel, int stride, Nonlinearity activation) implements NetworkLayer {
        public Conv2d {
            Ranges.require("conv2d.filters", filters, 1, MAX_FILTERS);
            Ranges.require("conv2d.kernel", kernel, 1, MAX_KERNEL);
            Ranges.require("conv2d.stride", stride, 1, MAX_KERNEL);
        }

        @Override
        public String asText() {
            return "conv2d{filters: %d, kernel: %d, stride: %d, activation: %s}"
                    .formatted(filters, kernel, stride, activation.key());
        }

        @Override
        public Shape outputShape(Shape input) {
            if (!(input instanceof Shape.Image image)) {
                throw NetworkLayer.unexpected(input, "an image");
            }
            if (kernel > Math.min(image.height(), image.width())) {
                throw NetworkLayer.unexpected(input, "%d x %d or more, as the kernel".formatted(kernel, kernel));
            }
            return new Shape.Image(filters, places(image.height(), stride), places(image.width(), stride));
        }

        @Override
        public String add(Place place, Shape input) {
            place.graph()
                    .addLayer(
                            place.name(),
                            new ConvolutionLayer.Builder(kernel, kernel)
                                    .nIn(input.channels())
                                    .nOut(filters)
                                    .stride(stride, stride)
                                    .convolutionMode(ConvolutionMode.Same)
                                    .activation(activation.function())
                                    .build(),
                            place.input());
            return place.name();
        }

        @Override
        public boolean isForSteps() {
            return true;
        }
    }

    /**
     * The greatest value or the mean of neighbouring steps, or of squares of pixels; what is left over at the end is not read.
     *
     * @param size steps, or rows and columns, that it reads, 1 to 63
     * @param stride how far it moves on, 1 to 63
     */
    public record Pool(Kind kind, int size, int stride) implements NetworkLayer {
        /** What is left of a window. */
        public enum Kind {
            /** The greatest value. */
            MAX,
            /** The mean. */
            MEAN
        }

        public Pool {
            Ranges.require("pool.size", size, 1, MAX_KERNEL);
            Ranges.require("pool.stride", stride, 1, MAX_KERNEL);
        }

        @Override
        public String asText() {
            return "%s_pool{size: %d, stride: %d}".formatted(kind.name().toLowerCase(Locale.ROOT), size, stride);
        }

        @Override
        public Shape outputShape(Shape input) {
            if (input instanceof Shape.Sequence sequence && sequence.length() >= size) {
                return new Shape.Sequence(sequence.channels(), windows(sequence.length()));
            }
            if (input instanceof Shape.Image image && Math.min(image.height(), image.width()) >= size) {
                return new Shape.Image(image.channels(), windows(image.height()), windows(image.width()));
            }
            throw NetworkLayer.unexpected(input, "a sequence or an image of %d or more each way".formatted(size));
        }

        private int windows(int length) {
            return (length - size) / stride + 1;
        }

        @Override
        public String add(Place place, Shape input) {
            PoolingType type = kind == Kind.MAX ? PoolingType.MAX : PoolingType.AVG;
            place.graph()
                    .addLayer(
                            place.name(),
                            input instanceof Shape.Image
                                    ? new SubsamplingLayer.Builder(type)
                                            .kernelSize(size, size)
                                            .stride(stride, stride)
                                            .convolutionMode(ConvolutionMode.Truncate)
                                            .build()
                                    : new Subsampling1DLayer.Builder(type, size, stride)
                                            .convolutionMode(ConvolutionMode.Truncate)
                                            .build(),
                            place.input());
            return place.name();
        }

        @Override
        public boolean isForSteps() {
            return true;
        }
    }
}
