package io.foresell.model.graph;

import java.util.List;

/** Runs {@link ColumnStep}s on encoded rows and writes them as nodes. */
final class ColumnSteps {
    private final List<ColumnStep> steps;

    /** Checks that each step reads as many columns as the one before leaves. */
    ColumnSteps(List<ColumnStep> steps, int width) {
        this.steps = List.copyOf(steps);
        int columns = width;
        for (ColumnStep step : steps) {
            Parameters.requireLength("columns of step " + step, step.inputs(), columns);
            columns = step.outputs();
        }
    }

    List<ColumnStep> all() {
        return steps;
    }

    int outputs(int width) {
        return steps.isEmpty() ? width : steps.get(steps.size() - 1).outputs();
    }

    List<String> names(List<String> names) {
        List<String> current = names;
        for (ColumnStep step : steps) {
            current = step.names(current);
        }
        return current;
    }

    /** Returns which columns are indicators after all steps, of those before. */
    boolean[] indicators(boolean[] before) {
        boolean[] current = before;
        for (ColumnStep step : steps) {
            boolean[] next = new boolean[step.outputs()];
            if (step instanceof ColumnSelection selection) {
                for (int i = 0; i < next.length; i++) {
                    next[i] = current[selection.kept().get(i)];
                }
            }
            current = next;
        }
        return current;
    }

    float[] apply(float[] encoded, int rowCount) {
        float[] current = encoded;
        for (ColumnStep step : steps) {
            float[] next = new float[Math.multiplyExact(rowCount, step.outputs())];
            for (int row = 0; row < rowCount; row++) {
                step.apply(current, row * step.inputs(), next, row * step.outputs());
            }
            current = next;
        }
        return current;
    }

    String write(GraphBuilder graph, String encoded) {
        String value = encoded;
        for (ColumnStep step : steps) {
            value = step.write(graph, value);
        }
        return value;
    }
}
