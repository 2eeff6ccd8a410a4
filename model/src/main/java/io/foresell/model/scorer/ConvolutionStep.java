package io.foresell.model.scorer;

import io.foresell.model.kernel.Convolution;
import io.foresell.model.kernel.ConvolutionShape;
import io.foresell.model.kernel.Kernels;

/** A convolution of an image in the memory. */
final class ConvolutionStep implements FoldableStep {
    /** Where the image is and where the result goes. */
    record Places(int from, int to) {}

    private final Places places;
    private final int scratch;
    private final ConvolutionShape shape;
    // Shape [filters, taps].
    private final float[] weights;
    private final float[] bias;
    private final boolean isRectified;
    private final Convolution convolution;

    private ConvolutionStep(
            Places places, int scratch, ConvolutionShape shape, float[] weights, float[] bias, boolean isRectified) {
        this.places = places;
        this.scratch = scratch;
        this.shape = shape;
        this.weights = weights;
        this.bias = bias;
        this.isRectified = isRectified;
        this.convolution = Kernels.best().convolution(shape, weights, bias, isRectified);
    }

    /** Returns a step with working memory of its own. */
    static ConvolutionStep of(PlanBuilder plan, Places places, ConvolutionShape shape, float[] weights, float[] bias) {
        ConvolutionStep step = new ConvolutionStep(places, 0, shape, weights, bias, false);
        int scratch = plan.allocateForKernel(new int[] {step.convolution.scratchSize()})
                .offset();
        return new ConvolutionStep(places, scratch, shape, weights, bias, false);
    }

    @Override
    public void run(float[] memory, String[] texts, int textBase) {
        convolution.run(memory, places.from, places.to, scratch);
    }

    @Override
    public boolean gainsInBlocks(int memorySize) {
        return convolution.gainsInBlocks();
    }

    @Override
    public void runBlock(float[][] memories, int rowCount, String[] texts, int textBase, int textWidth) {
        convolution.runBlock(memories, rowCount, places.from, places.to, scratch);
    }

    @Override
    public int channels() {
        return bias.length;
    }

    @Override
    public int channelRun() {
        return shape.positions();
    }

    @Override
    public boolean isRectified() {
        return isRectified;
    }

    @Override
    public FoldableStep rectified() {
        return new ConvolutionStep(places, scratch, shape, weights, bias, true);
    }

    @Override
    public FoldableStep scaled(float[] scale, float[] shift) {
        float[] scaledWeights = weights.clone();
        float[] scaledBias = bias.clone();
        for (int i = 0; i < scaledWeights.length; i++) {
            scaledWeights[i] *= scale[i / shape.taps()];
        }
        for (int o = 0; o < scaledBias.length; o++) {
            scaledBias[o] = scaledBias[o] * scale[o] + shift[o];
        }
        return new ConvolutionStep(places, scratch, shape, scaledWeights, scaledBias, isRectified);
    }
}
