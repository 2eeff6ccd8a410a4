package io.foresell.training.evaluate;

import io.foresell.model.Task;
import io.foresell.training.evaluate.Judged.Decision;
import io.foresell.training.evaluate.Judged.ThresholdRow;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every judged row once, with label and answer. Immutable. */
public final class JudgedRows {
    private final Task task;
    private final double[] labels;
    private final double[] answers;
    private final int[] rows;
    private final int width;

    private JudgedRows(Task task, double[] labels, double[] answers, int[] rows, int width) {
        this.task = task;
        this.labels = labels;
        this.answers = answers;
        this.rows = rows;
        this.width = width;
    }

    /** A row of several repeats counts as the first one answered it. */
    static JudgedRows of(Task task, List<FoldAnswers> folds) {
        Set<Integer> seen = new HashSet<>();
        int count = (int) folds.stream()
                .flatMapToInt(fold -> Arrays.stream(fold.rows()))
                .distinct()
                .count();
        // Clusterings of different folds may have different numbers of clusters.
        int width = folds.stream().mapToInt(FoldAnswers::width).max().orElse(1);
        double[] labels = new double[count];
        double[] answers = new double[count * width];
        int[] rows = new int[count];
        int place = 0;
        for (FoldAnswers fold : folds) {
            for (int row = 0; row < fold.rowCount(); row++) {
                if (seen.add(fold.rows()[row])) {
                    labels[place] = fold.labels()[row];
                    rows[place] = fold.rows()[row];
                    System.arraycopy(fold.answers(), row * fold.width(), answers, place * width, fold.width());
                    place++;
                }
            }
        }
        return new JudgedRows(task, labels, answers, rows, width);
    }

    Task task() {
        return task;
    }

    int count() {
        return labels.length;
    }

    double label(int place) {
        return labels[place];
    }

    /** Returns the answer, of several classes the greatest share. */
    double answer(int place) {
        return answers[place * width + (width == 1 ? 0 : likeliest(place))];
    }

    int likeliest(int place) {
        int best = 0;
        for (int i = 1; i < width; i++) {
            best = answers[place * width + i] > answers[place * width + best] ? i : best;
        }
        return best;
    }

    /** Returns the number that identifies a row. */
    int row(int place) {
        return rows[place];
    }

    /** Returns the number of positive rows of two classes. */
    public long positiveCount() {
        return Arrays.stream(labels).filter(label -> label == 1).count();
    }

    private Decisions decisions(@Nullable Payoff payoff, @Nullable Capacity capacity) {
        boolean[] isPositive = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            isPositive[i] = labels[i] == 1;
        }
        return new Decisions(isPositive, answers, payoff, capacity);
    }

    /** Returns precision, recall and profit by threshold; empty unless BINARY. */
    public List<ThresholdRow> thresholds(@Nullable Payoff payoff) {
        return task == Task.BINARY ? decisions(payoff, null).table() : List.of();
    }

    /** Returns the threshold that costs or capacity choose; null unless BINARY with one of them. */
    public @Nullable Decision decision(@Nullable Payoff payoff, @Nullable Capacity capacity) {
        return task == Task.BINARY ? decisions(payoff, capacity).decision() : null;
    }
}
