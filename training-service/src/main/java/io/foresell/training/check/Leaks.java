package io.foresell.training.check;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.Judged.Leak;
import io.foresell.training.evaluate.SingleColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Looks for signs that the label is known in the features, or that judged rows were seen while fitting. Names of columns are no
 * evidence.
 */
public final class Leaks {
    /** Could be honest; a person must look. */
    public static final String SUSPICION = "suspicion";

    /** Cannot be honest. */
    public static final String PROOF = "proof";

    /** A column that is the label itself is no accident with so many rows of the rarer class. */
    static final int PROOF_ROWS = 50;

    private final TrainingSet set;
    private final LeakPolicy policy;
    private final BooleanSupplier isCancelled;
    private final List<Leak> found = new ArrayList<>();

    private Leaks(TrainingSet set, LeakPolicy policy, BooleanSupplier isCancelled) {
        this.set = set;
        this.policy = policy;
        this.isCancelled = isCancelled;
    }

    /** Returns what was found, columns first, each at most once. */
    public static List<Leak> find(
            TrainingSet set, List<Fold> folds, SplitPlan plan, LeakPolicy policy, BooleanSupplier isCancelled) {
        Leaks leaks = new Leaks(set, policy, isCancelled);
        if (set.task() == Task.BINARY || set.task() == Task.MULTICLASS) {
            leaks.lookAtColumns();
        } else if (set.task() == Task.REGRESSION) {
            leaks.lookForCopiesOfValues();
        }
        if (set.task() != Task.CLUSTERS) {
            new RowTwins(set, leaks).look(folds, plan);
        }
        return List.copyOf(leaks.found);
    }

    void add(String kind, String column, String severity, String sentence) {
        found.add(new Leak(kind, column, severity, policy.accepts(kind, column), sentence));
    }

    void requireWanted() {
        if (isCancelled.getAsBoolean()) {
            throw new CancellationException("cancelled while looking for leaks");
        }
    }

    private boolean isKnown(String column) {
        return found.stream().anyMatch(leak -> leak.column().equals(column));
    }

    private void lookAtColumns() {
        HeldOutRows all = HeldOutRows.all(set);
        double[] labels = all.labels();
        List<SingleScore> scores = new ArrayList<>();
        for (InputField field : TrainingFold.all(set).fieldsWithValues()) {
            requireWanted();
            Rows rows = all.rows(Signature.of(List.of(field)));
            double area = rocAuc(field, rows, labels);
            scores.add(new SingleScore(field, area));
            if (LabelCopy.isCopy(field, rows, labels)) {
                add("label_copy", field.name(), copySeverity(labels), copySentence(field.name(), area, labels));
            } else if (area >= SingleColumn.SUSPICIOUS_ROC_AUC) {
                add("single_column", field.name(), SUSPICION, singleSentence(field.name(), area));
            } else if (field.kind() == InputKind.TEXT) {
                LabelInText.find(set, rows.texts(), labels)
                        .ifPresent(what -> add(
                                "label_in_text",
                                field.name(),
                                SUSPICION,
                                "Feature %s seems to hold the label: %s.".formatted(field.name(), what)));
            }
        }
        if (set.task() == Task.BINARY) {
            scores.sort(Comparator.comparingDouble(SingleScore::rocAuc).reversed());
            scores.removeIf(score -> isKnown(score.field().name()));
            new DominantColumn(set, scores, this).look();
        }
    }

    /** How well a column alone separates the classes. */
    record SingleScore(InputField field, double rocAuc) {}

    private static String singleSentence(String column, double area) {
        return ("Feature %s alone nearly decides the label (roc_auc %.3f): check that it is known before the label is.")
                .formatted(column, area);
    }

    private static String copySentence(String column, double area, double[] labels) {
        return rarest(labels) < PROOF_ROWS
                ? singleSentence(column, area)
                : "Feature %s is the label under another name: each of its values goes with one class in all %d rows."
                        .formatted(column, labels.length);
    }

    private static String copySeverity(double[] labels) {
        return rarest(labels) < PROOF_ROWS ? SUSPICION : PROOF;
    }

    private static long rarest(double[] labels) {
        return Arrays.stream(labels)
                .boxed()
                .collect(Collectors.groupingBy(label -> label, Collectors.counting()))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .min()
                .orElse(0);
    }

    /** Returns the greatest area of a number, of any step of a sequence, or of a text; of classes the mean over one against the rest. */
    private double rocAuc(InputField field, Rows rows, double[] labels) {
        int classes = set.task() == Task.BINARY ? 1 : set.classes().size();
        if (classes > 20) {
            return 0.5;
        }
        double sum = 0;
        int counted = 0;
        for (int label = 0; label < classes; label++) {
            double area = rocAuc(field, rows, positives(labels, classes == 1 ? 1 : label));
            sum += Double.isNaN(area) ? 0 : area;
            counted += Double.isNaN(area) ? 0 : 1;
        }
        return counted == 0 ? 0.5 : sum / counted;
    }

    static boolean[] positives(double[] values, double positive) {
        boolean[] positives = new boolean[values.length];
        for (int i = 0; i < values.length; i++) {
            positives[i] = values[i] == positive;
        }
        return positives;
    }

    private static double rocAuc(InputField field, Rows rows, boolean[] labels) {
        if (field.kind() == InputKind.TEXT) {
            return SingleColumn.rocAuc(labels, rows.texts());
        }
        double greatest = 0;
        for (int step = 0; step < field.width(); step++) {
            double[] values = new double[labels.length];
            for (int row = 0; row < values.length; row++) {
                values[row] = rows.numbers()[row * field.width() + step];
            }
            greatest = Math.max(greatest, SingleColumn.rocAuc(labels, values));
        }
        return greatest;
    }

    private void lookForCopiesOfValues() {
        HeldOutRows all = HeldOutRows.all(set);
        double[] labels = all.labels();
        for (InputField field : TrainingFold.all(set).fieldsWithValues()) {
            requireWanted();
            if (field.kind() == InputKind.NUMBER && field.width() == 1) {
                double correlation = LabelCopy.correlation(
                        all.rows(Signature.of(List.of(field))).numbers(), labels);
                if (Math.abs(correlation) >= LabelCopy.SAME_CORRELATION) {
                    add(
                            "label_copy",
                            field.name(),
                            labels.length < PROOF_ROWS ? SUSPICION : PROOF,
                            "Feature %s is the label under another name (correlation %.5f over %d rows)."
                                    .formatted(field.name(), correlation, labels.length));
                }
            }
        }
    }
}
