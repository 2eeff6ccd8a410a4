package io.foresell.model.scorer;

import io.foresell.model.kernel.Kernels;
import java.util.Arrays;

/** One direction of a recurrent layer over all steps of a sequence. */
final class RecurrentStep implements Step {
    private static final Kernels KERNELS = Kernels.best();

    /** Sizes of a layer. */
    record Shape(int length, int channels, int units, int directions) {
        int paddedUnits() {
            return (units + Kernels.UNIT_BLOCK - 1) / Kernels.UNIT_BLOCK * Kernels.UNIT_BLOCK;
        }

        /** Gates of all steps, then two states, then room for a product; the overrun in between is what comes next. */
        int workSize(Cell cell) {
            return paddedUnits() * (length * cell.gates() + 4);
        }
    }

    /** Places of the sequence, of the states at all steps and at the last one, and of working memory. */
    record Places(int from, int all, int last, int lastCell, int work) {}

    private final Places places;
    private final RecurrentWeights weights;
    private final boolean isReverse;
    private final boolean isLinearBeforeReset;
    private final int units;
    private final int padded;
    private final int gates;
    private final int hidden;
    private final int cell;
    private final int product;

    RecurrentStep(Places places, RecurrentWeights weights, boolean isReverse, boolean isLinearBeforeReset) {
        this.places = places;
        this.weights = weights;
        this.isReverse = isReverse;
        this.isLinearBeforeReset = isLinearBeforeReset;
        this.units = weights.shape.units();
        this.padded = weights.shape.paddedUnits();
        this.gates = weights.cell.gates() * padded;
        this.hidden = places.work + weights.shape.length() * gates;
        this.cell = hidden + padded;
        this.product = cell + padded;
    }

    @Override
    public void run(float[] memory, String[] texts, int textBase) {
        int length = weights.shape.length();
        int stride = weights.shape.directions() * units;
        weights.fromInput.runRows(memory, places.from, length, memory, places.work);
        start(memory, hidden, weights.firstHidden);
        start(memory, cell, weights.firstCell);
        for (int i = 0; i < length; i++) {
            int step = isReverse ? length - 1 - i : i;
            advance(memory, places.work + step * gates);
            System.arraycopy(memory, hidden, memory, places.all + step * stride, units);
        }
        System.arraycopy(memory, hidden, memory, places.last, units);
        System.arraycopy(memory, cell, memory, places.lastCell, units);
    }

    private void start(float[] memory, int to, float[] state) {
        System.arraycopy(state, 0, memory, to, units);
        Arrays.fill(memory, to + units, to + padded, 0);
    }

    private void advance(float[] memory, int at) {
        weights.fromState.addTo(memory, hidden, memory, at);
        switch (weights.cell) {
            case LSTM -> KERNELS.lstmCell(memory, at, cell, hidden, padded);
            case GRU -> gru(memory, at);
            case TANH -> KERNELS.tanh(memory, at, padded, memory, hidden);
            case RELU -> {
                for (int u = 0; u < padded; u++) {
                    memory[hidden + u] = Math.max(0, memory[at + u]);
                }
            }
        }
    }

    /** h' = (1 - z) n + z h with n = tanh(x W + r (h R + b)), or with the reset before the product. */
    private void gru(float[] memory, int at) {
        int reset = at + padded;
        int candidate = at + 2 * padded;
        KERNELS.sigmoid(memory, at, 2 * padded, memory, at);
        if (isLinearBeforeReset) {
            weights.fromReset.run(memory, hidden, memory, product);
            for (int u = 0; u < units; u++) {
                memory[candidate + u] += memory[reset + u] * memory[product + u];
            }
        } else {
            for (int u = 0; u < padded; u++) {
                memory[cell + u] = memory[reset + u] * memory[hidden + u];
            }
            weights.fromReset.run(memory, cell, memory, product);
            for (int u = 0; u < units; u++) {
                memory[candidate + u] += memory[product + u];
            }
        }
        KERNELS.tanh(memory, candidate, padded, memory, candidate);
        for (int u = 0; u < padded; u++) {
            float z = memory[at + u];
            memory[hidden + u] = (1 - z) * memory[candidate + u] + z * memory[hidden + u];
        }
    }
}
