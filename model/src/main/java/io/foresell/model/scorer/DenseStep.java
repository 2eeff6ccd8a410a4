package io.foresell.model.scorer;

import io.foresell.model.kernel.Dense;
import io.foresell.model.kernel.Kernels;

/** Rows of the memory times a constant matrix. */
final class DenseStep implements FoldableStep {
    /** Above so many floats a row, eight rows would not stay in the first cache. */
    private static final int MAX_BLOCK_MEMORY = 1 << 10;

    private final int from;
    private final int to;
    private final int rowCount;
    // Shape [in, out].
    private final float[] weights;
    private final float[] bias;
    private final boolean isRectified;
    private final Dense dense;

    DenseStep(int from, int to, int rowCount, float[] weights, float[] bias, boolean isRectified) {
        this.from = from;
        this.to = to;
        this.rowCount = rowCount;
        this.weights = weights;
        this.bias = bias;
        this.isRectified = isRectified;
        this.dense = Kernels.best().dense(weights, bias, isRectified);
    }

    @Override
    public void run(float[] memory, String[] texts, int textBase) {
        if (rowCount == 1) {
            dense.run(memory, from, memory, to);
        } else {
            dense.runRows(memory, from, rowCount, memory, to);
        }
    }

    @Override
    public boolean gainsInBlocks(int memorySize) {
        return rowCount == 1 && memorySize <= MAX_BLOCK_MEMORY;
    }

    @Override
    public void runBlock(float[][] memories, int blockRows, String[] texts, int textBase, int textWidth) {
        if (rowCount == 1) {
            dense.runBlock(memories, blockRows, from, to);
        } else {
            for (int row = 0; row < blockRows; row++) {
                dense.runRows(memories[row], from, rowCount, memories[row], to);
            }
        }
    }

    @Override
    public int channels() {
        return bias.length;
    }

    @Override
    public int channelRun() {
        return 1;
    }

    @Override
    public boolean isRectified() {
        return isRectified;
    }

    @Override
    public FoldableStep rectified() {
        return new DenseStep(from, to, rowCount, weights, bias, true);
    }

    @Override
    public FoldableStep scaled(float[] scale, float[] shift) {
        float[] scaledWeights = weights.clone();
        float[] scaledBias = bias.clone();
        for (int i = 0; i < scaledWeights.length; i++) {
            scaledWeights[i] *= scale[i % scale.length];
        }
        for (int o = 0; o < scaledBias.length; o++) {
            scaledBias[o] = scaledBias[o] * scale[o] + shift[o];
        }
        return new DenseStep(from, to, rowCount, scaledWeights, scaledBias, isRectified);
    }
}
