package io.foresell.model.scorer;

import io.foresell.model.kernel.Dense;
import io.foresell.model.kernel.Kernels;
import java.util.Arrays;
import java.util.Objects;

/** One direction of a recurrent layer over all steps of a sequence. */
final class RecurrentStep implements Step {
    private static final Kernels KERNELS = Kernels.best();

    /** Sizes of a layer. */
    record Shape(int length, int channels, int units, int directions) {
        int paddedUnits() {
            return (units + Kernels.UNIT_BLOCK - 1) / Kernels.UNIT_BLOCK * Kernels.UNIT_BLOCK;
        }

        /** The inputs of a step and the state, the cell, the gates, and room for two products. */
        int workSize(Cell cell) {
            return channels + paddedUnits() * (4 + cell.gates());
        }
    }

    /** Places of the sequence, of the states at all steps and at the last one, and of working memory. */
    record Places(int from, int all, int last, int lastCell, int work) {}

    private final Places places;
    private final RecurrentWeights weights;
    private final boolean isReverse;
    private final boolean isLinearBeforeReset;
    private final int length;
    private final int channels;
    private final int units;
    private final int padded;
    private final int joint;
    private final int hidden;
    private final int cell;
    private final int gates;
    private final int product;

    RecurrentStep(Places places, RecurrentWeights weights, boolean isReverse, boolean isLinearBeforeReset) {
        this.places = places;
        this.weights = weights;
        this.isReverse = isReverse;
        this.isLinearBeforeReset = isLinearBeforeReset;
        this.length = weights.shape.length();
        this.channels = weights.shape.channels();
        this.units = weights.shape.units();
        this.padded = weights.shape.paddedUnits();
        this.joint = places.work;
        this.hidden = joint + channels;
        this.cell = hidden + padded;
        this.gates = cell + padded;
        this.product = gates + weights.cell.gates() * padded;
    }

    @Override
    public void run(float[] memory, String[] texts, int textBase) {
        start(memory);
        for (int i = 0; i < length; i++) {
            int step = isReverse ? length - 1 - i : i;
            System.arraycopy(memory, places.from + step * channels, memory, joint, channels);
            weights.joined.run(memory, joint, memory, gates);
            advance(memory, step);
        }
        end(memory);
    }

    @Override
    public boolean gainsInBlocks(int memorySize) {
        return true;
    }

    @Override
    public void runBlock(float[][] memories, int rowCount, String[] texts, int textBase, int textWidth) {
        for (int row = 0; row < rowCount; row++) {
            start(memories[row]);
        }
        for (int i = 0; i < length; i++) {
            int step = isReverse ? length - 1 - i : i;
            for (int row = 0; row < rowCount; row++) {
                System.arraycopy(memories[row], places.from + step * channels, memories[row], joint, channels);
            }
            weights.joined.runBlock(memories, rowCount, joint, gates);
            for (int row = 0; row < rowCount; row++) {
                advance(memories[row], step);
            }
        }
        for (int row = 0; row < rowCount; row++) {
            end(memories[row]);
        }
    }

    private void start(float[] memory) {
        System.arraycopy(weights.firstHidden, 0, memory, hidden, units);
        Arrays.fill(memory, hidden + units, hidden + padded, 0);
        System.arraycopy(weights.firstCell, 0, memory, cell, units);
        Arrays.fill(memory, cell + units, cell + padded, 0);
    }

    private void end(float[] memory) {
        System.arraycopy(memory, hidden, memory, places.last, units);
        System.arraycopy(memory, cell, memory, places.lastCell, units);
    }

    private void advance(float[] memory, int step) {
        switch (weights.cell) {
            case LSTM -> KERNELS.lstmCell(memory, gates, cell, hidden, padded);
            case GRU -> gru(memory);
            case TANH -> KERNELS.tanh(memory, gates, padded, memory, hidden);
            case RELU -> {
                for (int u = 0; u < padded; u++) {
                    memory[hidden + u] = Math.max(0, memory[gates + u]);
                }
            }
        }
        int stride = weights.shape.directions() * units;
        System.arraycopy(memory, hidden, memory, places.all + step * stride, units);
    }

    /** h' = (1 - z) n + z h with n = tanh(x W + r (h R + b)), or with the reset before the product. */
    private void gru(float[] memory) {
        Dense fromInput = Objects.requireNonNull(weights.hiddenFromInput);
        Dense fromState = Objects.requireNonNull(weights.hiddenFromState);
        int reset = gates + padded;
        int candidate = gates + 2 * padded;
        fromInput.run(memory, joint, memory, candidate);
        KERNELS.sigmoid(memory, gates, 2 * padded, memory, gates);
        if (isLinearBeforeReset) {
            fromState.run(memory, hidden, memory, product);
            for (int u = 0; u < padded; u++) {
                memory[candidate + u] += memory[reset + u] * memory[product + u];
            }
        } else {
            for (int u = 0; u < padded; u++) {
                memory[cell + u] = memory[reset + u] * memory[hidden + u];
            }
            fromState.run(memory, cell, memory, product);
            for (int u = 0; u < padded; u++) {
                memory[candidate + u] += memory[product + u];
            }
        }
        KERNELS.tanh(memory, candidate, padded, memory, candidate);
        for (int u = 0; u < padded; u++) {
            float z = memory[gates + u];
            memory[hidden + u] = (1 - z) * memory[candidate + u] + z * memory[hidden + u];
        }
    }
}
