package io.foresell.training.evaluate;

import io.foresell.model.Task;
import java.util.Map;

/** The metrics of one set of labels and answers. */
interface TaskMetrics {
    /** Returns the metrics of the task; NaN where one does not exist on these rows. */
    Map<Metric, Double> all();

    /**
     * Returns the metrics of a task.
     *
     * @param labels 1 or 0, the index of the class, or the value; at least one
     * @param answers row-major, shape [rowCount, width]
     */
    static TaskMetrics of(Task task, double[] labels, double[] answers) {
        return switch (task) {
            case BINARY -> Metrics.of(labels, answers);
            case MULTICLASS -> new ClassMetrics(labels, answers);
            case REGRESSION -> new ValueMetrics(labels, answers);
            case CLUSTERS -> new ClusterMetrics(labels.length, answers);
            case RANKING -> throw new IllegalArgumentException("task ranking (expected: one with a label per row)");
        };
    }
}
