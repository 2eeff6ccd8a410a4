package io.foresell.model.scorer;

import io.foresell.model.Answer;
import io.foresell.model.Task;
import org.jspecify.annotations.Nullable;

/**
 * The values that contributions are about, one per label: how to read them from the memory of a row and, where they are
 * sums, the exact terms.
 */
final class Explained {
    /** Keeps log-odds and logarithms finite where a probability has been rounded to 0 or 1. */
    private static final double LEAST_PROBABILITY = 1e-9;

    private final Task task;
    private final Value.Floats output;
    private final int firstColumn;
    private final @Nullable Link link;
    private final @Nullable Affine additive;

    private Explained(Task task, Value.Floats output, int firstColumn, @Nullable Link link, @Nullable Affine additive) {
        this.task = task;
        this.output = output;
        this.firstColumn = firstColumn;
        this.link = link;
        this.additive = additive;
    }

    static Explained of(Answer answer, Value.Floats output) {
        boolean isProbability = answer.task() == Task.BINARY || answer.task() == Task.MULTICLASS;
        Link link = isProbability ? output.link() : null;
        if (link != null && answer.task() == Task.BINARY && isManyClasses(link, output)) {
            link = null; // One class against all others is no difference of two scores.
        }
        Affine additive = !isProbability
                ? output.additive()
                : link == null ? null : link.scores().additive();
        return new Explained(answer.task(), output, answer.firstColumn(), link, additive);
    }

    private static boolean isManyClasses(Link link, Value.Floats output) {
        return link.kind() == Link.Kind.SOFTMAX && output.size() != 2;
    }

    /** Returns this with the background known, which may say that terms are not wanted. */
    Explained prepared(BackgroundMeans means) {
        boolean isWanted = means.explanation() != ExplanationKind.OCCLUSION;
        Affine known = additive == null || !isWanted ? null : additive.prepared(means);
        return new Explained(task, output, firstColumn, link, known);
    }

    boolean isAdditive() {
        return additive != null;
    }

    /** Returns the value of an ordinary row; NaN when values are not sums. */
    double base(int target) {
        if (additive == null) {
            return Double.NaN;
        }
        int column = firstColumn + target;
        if (link != null && link.kind() == Link.Kind.PAIR) {
            return sign(column) * additive.base(0);
        }
        return isDifference() ? additive.base(column) - additive.base(1 - column) : additive.base(column);
    }

    /** Adds the exact terms of the row that the memory holds. */
    void addTerms(float[] memory, int target, double[] perInput) {
        if (additive == null) {
            throw new IllegalStateException("no terms (expected: isAdditive)");
        }
        int column = firstColumn + target;
        if (link != null && link.kind() == Link.Kind.PAIR) {
            additive.addTerms(memory, 0, sign(column), perInput);
            return;
        }
        additive.addTerms(memory, column, 1, perInput);
        if (isDifference()) {
            additive.addTerms(memory, 1 - column, -1, perInput);
        }
    }

    /** Returns the value of the row that the memory holds. */
    double value(float[] memory, int target) {
        int column = firstColumn + target;
        if (link != null) {
            int scores = link.scores().offset();
            if (link.kind() == Link.Kind.PAIR) {
                return sign(column) * memory[scores];
            }
            return isDifference()
                    ? (double) memory[scores + column] - memory[scores + 1 - column]
                    : memory[scores + column];
        }
        double answer = memory[output.offset() + column];
        return switch (task) {
            case BINARY -> logOdds(answer);
            case MULTICLASS -> Math.log(Math.max(LEAST_PROBABILITY, answer));
            case REGRESSION, CLUSTERS, RANKING -> answer;
        };
    }

    private static double logOdds(double probability) {
        double p = Math.max(LEAST_PROBABILITY, Math.min(1 - LEAST_PROBABILITY, probability));
        return Math.log(p / (1 - p));
    }

    private static double sign(int column) {
        return column == 0 ? -1 : 1;
    }

    /** The log-odds of one of two softmax classes are the difference of the two scores. */
    private boolean isDifference() {
        return task == Task.BINARY && link != null && link.kind() == Link.Kind.SOFTMAX;
    }
}
