package io.foresell.model.scorer;

import io.foresell.model.kernel.Dense;
import io.foresell.model.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one direction, units padded to whole vectors: a padded unit has no weights, so its state stays 0. The
 * gates that read the inputs and the state are one product with both.
 */
final class RecurrentWeights {
    final Cell cell;
    final RecurrentStep.Shape shape;
    /** Inputs and state, side by side, to all gates; of a GRU to the update and the reset gate. */
    final Dense joined;
    /** Inputs to a GRU's hidden gate; null for other cells. */
    final @Nullable Dense hiddenFromInput;
    /** State to a GRU's hidden gate; null for other cells. */
    final @Nullable Dense hiddenFromState;

    final float[] firstHidden;
    final float[] firstCell;

    private final float[] input;
    private final float[] recurrent;
    private final float[] bias;

    /**
     * Lays the weights out.
     *
     * @param input shape [gates * units, channels]
     * @param recurrent shape [gates * units, units]
     * @param bias of the inputs, then of the state, each gates * units
     */
    RecurrentWeights(
            Cell cell,
            RecurrentStep.Shape shape,
            float[] input,
            float[] recurrent,
            float[] bias,
            float[] firstHidden,
            float[] firstCell) {
        this.cell = cell;
        this.shape = shape;
        this.firstHidden = firstHidden;
        this.firstCell = firstCell;
        this.input = input;
        this.recurrent = recurrent;
        this.bias = bias;
        int gates = cell.gates();
        boolean isGru = cell == Cell.GRU;
        joined = dense(0, isGru ? gates - 1 : gates, true, true);
        hiddenFromInput = isGru ? dense(gates - 1, gates, true, false) : null;
        hiddenFromState = isGru ? dense(gates - 1, gates, false, true) : null;
    }

    /** Returns the product of inputs, state or both with some gates, gate after gate, each of padded units. */
    private Dense dense(int firstGate, int endGate, boolean readsInput, boolean readsState) {
        int units = shape.units();
        int channels = readsInput ? shape.channels() : 0;
        int width = (endGate - firstGate) * shape.paddedUnits();
        float[] weights = new float[(channels + (readsState ? units : 0)) * width];
        float[] sums = new float[width];
        for (int gate = firstGate; gate < endGate; gate++) {
            // The kernel wants half of an LSTM's gates with a sigmoid, which is exact.
            float share = cell == Cell.LSTM && gate < 3 ? 0.5f : 1;
            for (int u = 0; u < units; u++) {
                int row = gate * units + u;
                int column = (gate - firstGate) * shape.paddedUnits() + u;
                float ofState = readsState ? bias[cell.gates() * units + row] : 0;
                sums[column] = share * ((readsInput ? bias[row] : 0) + ofState);
                for (int i = 0; i < channels; i++) {
                    weights[i * width + column] = share * input[row * channels + i];
                }
                for (int i = 0; readsState && i < units; i++) {
                    weights[(channels + i) * width + column] = share * recurrent[row * units + i];
                }
            }
        }
        return Kernels.best().dense(weights, sums, false);
    }
}
