package io.foresell.model.scorer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** LSTM, GRU and simple recurrent layers over one sequence, with default activations and constant first states. */
final class RecurrentOperators {
    private RecurrentOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("LSTM", (node, plan) -> compile(node, plan, Cell.LSTM));
        operators.put("GRU", (node, plan) -> compile(node, plan, Cell.GRU));
        operators.put("RNN", (node, plan) -> compile(node, plan, Cell.TANH));
    }

    private static void compile(GraphNode node, PlanBuilder plan, Cell family) {
        List<String> directions = directions(node);
        Cell cell = cell(node, family, directions.size());
        Value.Floats from = node.floats(0);
        Value.FloatConstant inputWeights = node.floatConstant(1);
        Value.FloatConstant recurrentWeights = node.floatConstant(2);
        if (from.rank() == 3 && plan.batchAxis(from) == 0) {
            throw node.unsupported("input [N, length, channels] (only [length, N, channels])");
        }
        if (from.rank() != 3 || from.shape()[1] != 1 || inputWeights.rank() != 3 || recurrentWeights.rank() != 3) {
            throw node.unsupported("input of rank %d (only [length, N, channels])", from.rank());
        }
        int length = from.shape()[0];
        int channels = from.shape()[2];
        int units = recurrentWeights.shape()[2];
        int count = directions.size();
        int gates = cell.gates() * units;
        requireShape(node, "W", inputWeights, count, gates, channels);
        requireShape(node, "R", recurrentWeights, count, gates, units);
        long hidden = node.integer("hidden_size", units);
        if (hidden != units || units == 0 || length == 0 || channels == 0) {
            throw BadGraph.of("hidden_size of %s: %d (expected: %d, above 0)", node, hidden, units);
        }
        RecurrentStep.Shape shape = new RecurrentStep.Shape(length, channels, units, count);
        plan.spend((long) count * length * gates * (channels + units));
        Value.Floats all = plan.allocateForKernel(new int[] {length, count, 1, units});
        Value.Floats last = plan.allocateForKernel(new int[] {count, 1, units});
        Value.Floats lastCell = plan.allocateForKernel(new int[] {count, 1, units});
        int work = plan.allocateForKernel(new int[] {shape.workSize(cell)}).offset();
        float[] firstHidden = state(node, 5, count, units);
        float[] firstCell = cell == Cell.LSTM ? state(node, 6, count, units) : new float[count * units];
        for (int i = 0; i < count; i++) {
            RecurrentWeights weights = new RecurrentWeights(
                    cell,
                    shape,
                    part(inputWeights.values(), i, count),
                    part(recurrentWeights.values(), i, count),
                    part(bias(node, count, gates), i, count),
                    part(firstHidden, i, count),
                    part(firstCell, i, count));
            RecurrentStep.Places places = new RecurrentStep.Places(
                    from.offset(),
                    all.offset() + i * units,
                    last.offset() + i * units,
                    lastCell.offset() + i * units,
                    work);
            boolean isLinear = node.flag("linear_before_reset", false);
            plan.step(new RecurrentStep(places, weights, directions.get(i).equals("reverse"), isLinear));
        }
        define(node, plan, 0, plan.withBatchAxis(all, 2));
        define(node, plan, 1, plan.withBatchAxis(last, 1));
        if (cell == Cell.LSTM) {
            define(node, plan, 2, plan.withBatchAxis(lastCell, 1));
        }
    }

    private static void define(GraphNode node, PlanBuilder plan, int output, Value.Floats value) {
        if (node.hasOutput(output)) {
            plan.define(node.output(output), value);
        }
    }

    private static List<String> directions(GraphNode node) {
        String direction = node.text("direction", "forward");
        return switch (direction) {
            case "forward", "reverse" -> List.of(direction);
            case "bidirectional" -> List.of("forward", "reverse");
            default -> throw BadGraph.of(
                    "direction of %s: %s (expected: forward, reverse or bidirectional)", node, direction);
        };
    }

    private static Cell cell(GraphNode node, Cell family, int directions) {
        boolean hasClip = node.has("clip") || node.has("activation_alpha") || node.has("activation_beta");
        if (hasClip || node.integer("input_forget", 0) != 0 || node.integer("layout", 0) != 0) {
            throw node.unsupported("clip, activation parameters, input_forget or layout");
        }
        if (node.hasInput(4)) {
            throw node.unsupported("sequence_lens");
        }
        if (node.hasInput(7)) {
            throw node.unsupported("peepholes");
        }
        List<String> activations = node.texts("activations");
        Cell[] candidates = family == Cell.TANH ? new Cell[] {Cell.TANH, Cell.RELU} : new Cell[] {family};
        for (Cell cell : candidates) {
            if (activations.equals(cell.activations(directions))) {
                return cell;
            }
        }
        if (activations.isEmpty()) {
            return family;
        }
        throw node.unsupported("activations %s", activations);
    }

    private static float[] bias(GraphNode node, int count, int gates) {
        if (!node.hasInput(3)) {
            return new float[count * 2 * gates];
        }
        Value.FloatConstant bias = node.floatConstant(3);
        requireShape(node, "B", bias, count, 2 * gates);
        return bias.values();
    }

    private static float[] state(GraphNode node, int input, int count, int units) {
        if (!node.hasInput(input)) {
            return new float[count * units];
        }
        Value.FloatConstant state = node.floatConstant(input);
        requireShape(node, "first state", state, count, 1, units);
        return state.values();
    }

    private static float[] part(float[] values, int index, int count) {
        int size = values.length / count;
        return Arrays.copyOfRange(values, index * size, (index + 1) * size);
    }

    private static void requireShape(GraphNode node, String what, Value.FloatConstant value, int... expected) {
        if (!Arrays.equals(value.shape(), expected)) {
            throw BadGraph.of(
                    "%s of %s: shape %s (expected: %s)",
                    what, node, Arrays.toString(value.shape()), Arrays.toString(expected));
        }
    }
}
