package io.foresell.model.scorer;

import java.util.Arrays;
import java.util.List;

/** A forward LSTM with the default activations. Gate order is ONNX's: input, output, forget, cell. */
final class LstmOperator {
    private LstmOperator() {}

    static void compile(GraphNode node, PlanBuilder plan) {
        requireKnown(node);
        Value.Floats from = node.floats(0);
        Value.FloatConstant inputWeights = node.floatConstant(1);
        Value.FloatConstant recurrentWeights = node.floatConstant(2);
        if (from.rank() != 3 || from.shape()[1] != 1 || inputWeights.rank() != 3 || recurrentWeights.rank() != 3) {
            throw node.unsupported("input of rank %d (only [length, N, channels])", from.rank());
        }
        int length = from.shape()[0];
        int channels = from.shape()[2];
        long hidden = node.integer("hidden_size", recurrentWeights.shape()[2]);
        int units = recurrentWeights.shape()[2];
        int gates = 4 * units;
        requireShape(node, "W", inputWeights, 1, gates, channels);
        requireShape(node, "R", recurrentWeights, 1, gates, units);
        if (hidden != units || units == 0 || length == 0) {
            throw BadGraph.of("hidden_size of %s: %d (expected: %d, above 0)", node, hidden, units);
        }
        float[] bias = new float[gates];
        if (node.hasInput(3)) {
            Value.FloatConstant both = node.floatConstant(3);
            requireShape(node, "B", both, 1, 2 * gates);
            for (int i = 0; i < gates; i++) {
                bias[i] = both.values()[i] + both.values()[gates + i];
            }
        }
        plan.spend((long) length * gates * (channels + units));
        Value.Floats all = plan.allocate(new int[] {length, 1, 1, units});
        Value.Floats work = plan.allocate(new int[] {gates + units});
        plan.step(new Lstm(
                from.offset(),
                all.offset(),
                work.offset(),
                length,
                channels,
                units,
                columns(inputWeights.values(), gates, channels),
                columns(recurrentWeights.values(), gates, units),
                bias));
        define(node, plan, all, work, units);
    }

    private static void define(GraphNode node, PlanBuilder plan, Value.Floats all, Value.Floats work, int units) {
        int[] sources = Arrays.copyOf(all.sources(), units);
        int[] shape = {1, 1, units};
        if (node.hasOutput(0)) {
            plan.define(node.output(0), all);
        }
        if (node.hasOutput(1)) {
            int last = all.offset() + all.size() - units;
            plan.define(node.output(1), new Value.Floats(last, shape, sources, null, null));
        }
        if (node.hasOutput(2)) {
            plan.define(node.output(2), new Value.Floats(work.offset() + 4 * units, shape, sources, null, null));
        }
    }

    private static void requireKnown(GraphNode node) {
        boolean hasState = node.hasInput(4) || node.hasInput(5) || node.hasInput(6) || node.hasInput(7);
        List<String> activations = node.texts("activations");
        boolean isDefault = activations.isEmpty() || activations.equals(List.of("Sigmoid", "Tanh", "Tanh"));
        if (hasState
                || !isDefault
                || !node.text("direction", "forward").equals("forward")
                || node.has("clip")
                || node.integer("input_forget", 0) != 0
                || node.integer("layout", 0) != 0) {
            throw node.unsupported("lengths, initial state, peepholes, direction, activations, clip or layout");
        }
    }

    private static void requireShape(GraphNode node, String what, Value.FloatConstant value, int... expected) {
        if (!Arrays.equals(value.shape(), expected)) {
            throw BadGraph.of(
                    "%s of %s: shape %s (expected: %s)",
                    what, node, Arrays.toString(value.shape()), Arrays.toString(expected));
        }
    }

    /** Returns [rows, columns] as [columns, rows]: the inner loop of a step then runs over all gates at once. */
    private static float[] columns(float[] matrix, int rows, int columns) {
        float[] transposed = new float[matrix.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transposed[column * rows + row] = matrix[row * columns + column];
            }
        }
        return transposed;
    }

    /** The cell over all steps; work holds the gates, then the cell state. */
    private static final class Lstm implements Step {
        private final int from;
        private final int to;
        private final int work;
        private final int length;
        private final int channels;
        private final int units;
        private final float[] inputWeights;
        private final float[] recurrentWeights;
        private final float[] bias;

        Lstm(
                int from,
                int to,
                int work,
                int length,
                int channels,
                int units,
                float[] inputWeights,
                float[] recurrentWeights,
                float[] bias) {
            this.from = from;
            this.to = to;
            this.work = work;
            this.length = length;
            this.channels = channels;
            this.units = units;
            this.inputWeights = inputWeights;
            this.recurrentWeights = recurrentWeights;
            this.bias = bias;
        }

        @Override
        public void run(float[] memory, String[] texts, int textBase) {
            int gates = 4 * units;
            for (int step = 0; step < length; step++) {
                System.arraycopy(bias, 0, memory, work, gates);
                for (int c = 0; c < channels; c++) {
                    DenseOperators.addScaled(
                            memory, work, inputWeights, c * gates, gates, memory[from + step * channels + c]);
                }
                for (int u = 0; step > 0 && u < units; u++) {
                    DenseOperators.addScaled(
                            memory, work, recurrentWeights, u * gates, gates, memory[to + (step - 1) * units + u]);
                }
                advance(memory, step);
            }
        }

        private void advance(float[] memory, int step) {
            for (int u = 0; u < units; u++) {
                float input = ElementOperators.sigmoid(memory[work + u]);
                float output = ElementOperators.sigmoid(memory[work + units + u]);
                float forget = ElementOperators.sigmoid(memory[work + 2 * units + u]);
                float candidate = ElementOperators.tanh(memory[work + 3 * units + u]);
                int cellPlace = work + 4 * units + u;
                float cell = input * candidate + (step == 0 ? 0 : forget * memory[cellPlace]);
                memory[cellPlace] = cell;
                memory[to + step * units + u] = output * ElementOperators.tanh(cell);
            }
        }
    }
}
