package io.foresell.model.graph;

import java.util.ArrayList;
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

    int outputs(int width) {
        return steps.isEmpty() ? width : steps.get(steps.size() - 1).outputs();
    }

    List<String> names(List<String> names) {
        List<String> current = names;
        for (ColumnStep step : steps) {
            List<String> next = new ArrayList<>();
            for (int i = 0; i < step.outputs(); i++) {
                next.add(
                        step instanceof ColumnSelection selection
                                ? current.get(selection.kept().get(i))
                                : "component " + i);
            }
            current = next;
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
                apply(step, current, row * step.inputs(), next, row * step.outputs());
            }
            current = next;
        }
        return current;
    }

    private static void apply(ColumnStep step, float[] from, int fromAt, float[] to, int toAt) {
        for (int i = 0; i < step.outputs(); i++) {
            if (step instanceof ColumnSelection selection) {
                to[toAt + i] = from[fromAt + selection.kept().get(i)];
                continue;
            }
            ColumnProjection projection = (ColumnProjection) step;
            int width = projection.inputs();
            double sum = 0;
            for (int j = 0; j < width; j++) {
                sum += (double) (from[fromAt + j] - projection.mean[j]) * projection.components[i * width + j];
            }
            to[toAt + i] = (float) sum;
        }
    }

    String write(GraphBuilder graph, String encoded) {
        String value = encoded;
        for (ColumnStep step : steps) {
            if (step instanceof ColumnSelection selection) {
                long[] kept =
                        selection.kept().stream().mapToLong(Integer::longValue).toArray();
                value = graph.node(
                        "Gather",
                        List.of(value, graph.constant("kept_columns", kept)),
                        GraphBuilder.integer("axis", 1));
            } else {
                ColumnProjection projection = (ColumnProjection) step;
                String mean = graph.constant("mean", projection.mean, projection.inputs());
                String centred = graph.node("Sub", List.of(value, mean));
                value = graph.dense(centred, projection.components, new float[projection.outputs()]);
            }
        }
        return value;
    }
}
