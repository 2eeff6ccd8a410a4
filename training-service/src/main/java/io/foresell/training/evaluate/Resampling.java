package io.foresell.training.evaluate;

import io.foresell.model.Task;
import java.util.List;

/** Metrics of one fold when each row counts a whole number of times: what a bootstrap asks a thousand times. */
interface Resampling {
    /** Returns the metrics measured, in the order of {@link #measure}. */
    List<Metric> metrics();

    /**
     * Measures.
     *
     * @param weights how many times each row counts
     * @param measured receives one value per metric; NaN where one does not exist
     */
    void measure(int[] weights, double[] measured);

    /** Returns the resampling of a task; measures nothing where rows have no labels. */
    static Resampling of(Task task, FoldAnswers fold) {
        return switch (task) {
            case BINARY -> new BinaryResampling(fold.labels(), fold.answers());
            case MULTICLASS -> new ClassResampling(fold.labels(), fold.answers());
            case REGRESSION -> new ValueResampling(fold.labels(), fold.answers());
            case CLUSTERS, RANKING -> new Resampling() {
                @Override
                public List<Metric> metrics() {
                    return List.of();
                }

                @Override
                public void measure(int[] weights, double[] measured) {
                    // Nothing to measure.
                }
            };
        };
    }
}
