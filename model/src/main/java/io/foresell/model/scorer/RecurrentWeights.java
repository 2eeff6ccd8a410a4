package io.foresell.model.scorer;

import io.foresell.model.kernel.Dense;
import io.foresell.model.kernel.Kernels;

/**
 * The weights of one direction, units padded to whole vectors: a padded unit has no weights, so its state stays 0. All
 * gates of a step are one product.
 */
final class RecurrentWeights {
    final Cell cell;
    final RecurrentStep.Shape shape;
    /** Inputs to all gates, with the biases that are simply added. */
    final Dense fromInput;
    /** The state to the gates that read the state itself: all but a GRU's hidden gate. */
    final Dense fromState;
    /** A GRU's state to its hidden gate, with its own bias; else unused. */
    final Dense fromReset;

    final float[] firstHidden;
    final float[] firstCell;

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
        int units = shape.units();
        int padded = shape.paddedUnits();
        int gates = cell.gates();
        int direct = cell == Cell.GRU ? 2 : gates;
        float[] inputBias = new float[gates * padded];
        float[] resetBias = new float[padded];
        for (int gate = 0; gate < gates; gate++) {
            for (int u = 0; u < units; u++) {
                float ofState = bias[(gates + gate) * units + u];
                inputBias[gate * padded + u] = share(gate) * (bias[gate * units + u] + (gate < direct ? ofState : 0));
                if (gate >= direct) {
                    resetBias[u] = ofState;
                }
            }
        }
        Kernels kernels = Kernels.best();
        fromInput = kernels.dense(columns(input, 0, gates, shape.channels()), inputBias, false);
        fromState = kernels.dense(columns(recurrent, 0, direct, units), new float[direct * padded], false);
        fromReset = direct == gates
                ? kernels.dense(new float[0], new float[0], false)
                : kernels.dense(columns(recurrent, direct, gates, units), resetBias, false);
    }

    /** Returns what the kernel wants of a gate's sum: half of an LSTM's gates with a sigmoid, which is exact. */
    private float share(int gate) {
        return cell == Cell.LSTM && gate < 3 ? 0.5f : 1;
    }

    /** Returns gates [gate * unit, in] as [in, gate * padded unit]. */
    private float[] columns(float[] matrix, int firstGate, int endGate, int in) {
        int units = shape.units();
        int padded = shape.paddedUnits();
        int width = (endGate - firstGate) * padded;
        float[] columns = new float[in * width];
        for (int gate = firstGate; gate < endGate; gate++) {
            for (int u = 0; u < units; u++) {
                for (int i = 0; i < in; i++) {
                    columns[i * width + (gate - firstGate) * padded + u] =
                            share(gate) * matrix[(gate * units + u) * in + i];
                }
            }
        }
        return columns;
    }
}
