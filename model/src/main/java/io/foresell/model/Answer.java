package io.foresell.model;

import java.util.HashSet;
import java.util.List;

/**
 * What a model answers per row: {@link #width} consecutive floats of one output of its graph.
 *
 * <p>BINARY: P(positive). MULTICLASS: P(class) per label. REGRESSION: the value. CLUSTERS: per cluster, the highest wins (a
 * mixture's posterior probability; of k-means minus the Euclidean distance). RANKING: a score per item.
 *
 * @param output name of the graph's output
 * @param firstColumn where the answer starts in a row of that output, 0 or more
 * @param labels what each float stands for, unique; empty for BINARY and REGRESSION, which answer one float
 */
public record Answer(Task task, String output, int firstColumn, List<String> labels) {
    /** Most labels. */
    public static final int MAX_LABELS = 1 << 20;

    public Answer {
        labels = List.copyOf(labels);
        if (output.isEmpty()) {
            throw new IllegalArgumentException("answer output: empty (expected: the name of an output of the graph)");
        }
        if (firstColumn < 0 || firstColumn > MAX_LABELS) {
            throw new IllegalArgumentException(
                    "answer first_column: %d (expected: 0..%d)".formatted(firstColumn, MAX_LABELS));
        }
        boolean isLabelled = task != Task.BINARY && task != Task.REGRESSION;
        int least = !isLabelled ? 0 : task == Task.MULTICLASS ? 2 : 1;
        int most = isLabelled ? MAX_LABELS : 0;
        if (labels.size() < least || labels.size() > most) {
            throw new IllegalArgumentException("answer labels: %d for task %s (expected: %d..%d)"
                    .formatted(labels.size(), task.key(), least, most));
        }
        if (new HashSet<>(labels).size() != labels.size()) {
            throw new IllegalArgumentException("answer labels: one given twice (expected: unique labels)");
        }
    }

    /** Returns how many floats answer a row. */
    public int width() {
        return Math.max(1, labels.size());
    }

    /**
     * Returns what a tolerance of each expected answer is multiplied by: its size where that is beyond 1. Values (REGRESSION) all
     * have the size of the greatest one: a small sum of large parts is no more exact than its parts.
     */
    public double[] scales(double[] expected) {
        double greatest = 1;
        for (double value : expected) {
            greatest = Math.max(greatest, Math.abs(value));
        }
        double[] scales = new double[expected.length];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = task == Task.REGRESSION ? greatest : Math.max(1, Math.abs(expected[i]));
        }
        return scales;
    }

    /**
     * Returns how sure the answer to a row is: the probability of the likeliest class; NaN when any is NaN.
     *
     * @param from where the row's answer starts
     * @throws IllegalStateException when the task is not BINARY or MULTICLASS
     */
    public float confidence(float[] answers, int from) {
        if (task == Task.BINARY) {
            return Math.max(answers[from], 1 - answers[from]);
        }
        if (task != Task.MULTICLASS) {
            throw new IllegalStateException(
                    "confidence: of task %s (expected: one with classes)".formatted(task.key()));
        }
        float greatest = answers[from];
        for (int i = from + 1; i < from + width(); i++) {
            greatest = Math.max(greatest, answers[i]);
        }
        return greatest;
    }

    /** Returns the answer of our own binary models: output "probability". */
    public static Answer binary() {
        return new Answer(Task.BINARY, "probability", 0, List.of());
    }

    /** Returns the answer of our own models of several classes: output "probabilities". */
    public static Answer multiclass(List<String> labels) {
        return new Answer(Task.MULTICLASS, "probabilities", 0, labels);
    }

    /** Returns the answer of our own regressions: output "value". */
    public static Answer regression() {
        return new Answer(Task.REGRESSION, "value", 0, List.of());
    }

    /** Returns the answer of our own clusterings: output "memberships". */
    public static Answer clusters(List<String> labels) {
        return new Answer(Task.CLUSTERS, "memberships", 0, labels);
    }

    /** Returns the answer of our own recommenders: output "scores", a label per item. */
    public static Answer ranking(List<String> items) {
        return new Answer(Task.RANKING, "scores", 0, items);
    }
}
