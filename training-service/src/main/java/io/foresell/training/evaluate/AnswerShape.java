package io.foresell.training.evaluate;

import io.foresell.model.Task;
import java.util.List;
import java.util.Optional;

/** What the answers to all judged rows look like beside the truth; bounded in size however many rows were judged. Immutable. */
public sealed interface AnswerShape permits TwoClassShape, ClassShape, ValueShape {
    /**
     * Returns the shape of answers; empty for a task without labels.
     *
     * @param classes the classes of MULTICLASS in the order of the answers, else ignored
     * @param labels 1 or 0, the index of the class, or the value; at least one
     * @param answers row-major, shape [rowCount, width]
     */
    static Optional<AnswerShape> of(Task task, List<String> classes, double[] labels, double[] answers) {
        return switch (task) {
            case BINARY -> Optional.of(TwoClassShape.of(labels, answers));
            case MULTICLASS -> Optional.of(ClassShape.of(classes, labels, answers));
            case REGRESSION -> Optional.of(ValueShape.of(labels, answers));
            case CLUSTERS, RANKING -> Optional.empty();
        };
    }
}
