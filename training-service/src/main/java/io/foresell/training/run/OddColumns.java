package io.foresell.training.run;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Says in sentences what is odd about rows that can be trained on all the same: columns that say nothing, names, too few rows. */
final class OddColumns {
    private static final int LEAST_NAMES = 20;
    private static final double NAME_SHARE = 0.5;
    private static final int SHOWN_CLASSES = 5;

    private final TrainingSpec spec;
    private final TrainingSet set;
    private final List<Fold> folds;

    OddColumns(TrainingSpec spec, TrainingSet set, List<Fold> folds) {
        this.spec = spec;
        this.set = set;
        this.folds = folds;
    }

    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        List<InputField> used = TrainingFold.all(set).fieldsWithValues();
        for (InputField field : set.fields()) {
            if (!used.contains(field)) {
                sentences.add(leftOut(field));
            } else if (isName(field)) {
                sentences.add(
                        "Feature %s has %d different texts in %d rows: it names rows rather than describing them; leave it out, or prepare it by words or characters."
                                .formatted(field.name(), set.categoryCount(field.name()), set.rowCount()));
            }
        }
        addWidth(used, sentences);
        addRareClasses(sentences);
        if (set.task() == Task.CLUSTERS && !spec.query().labelView().isEmpty()) {
            sentences.add("Labels of %s say which rows are read and when; clusters do not use them."
                    .formatted(spec.query().labelView()));
        }
        return sentences;
    }

    private String leftOut(InputField field) {
        String value = constant(field);
        return value.isEmpty()
                ? "Feature %s has no value in any row and was left out.".formatted(field.name())
                : "Feature %s is %s in all %d rows and was left out.".formatted(field.name(), value, set.rowCount());
    }

    /** Returns what a column is in all rows; empty when it is missing. */
    private String constant(InputField field) {
        io.foresell.model.Rows first = HeldOutRows.all(set).sample(1).rows(Signature.of(List.of(field)));
        if (field.kind() == InputKind.TEXT) {
            return first.texts()[0].isEmpty() ? "" : "'" + first.texts()[0] + "'";
        }
        boolean isMissing = true;
        for (float number : first.numbers()) {
            isMissing &= Float.isNaN(number);
        }
        return isMissing ? "" : field.width() == 1 ? Float.toString(first.numbers()[0]) : "the same sequence";
    }

    private boolean isName(InputField field) {
        int different = set.categoryCount(field.name());
        return different >= LEAST_NAMES
                && different > NAME_SHARE * set.rowCount()
                && spec.candidates().stream()
                        .anyMatch(candidate -> !spec.preparationOf(candidate).readsManyTexts(field)
                                && !candidate.algorithm().readsWords(field.name(), set.categories(field.name())));
    }

    private void addWidth(List<InputField> used, List<String> sentences) {
        long width = used.stream().mapToLong(InputField::width).sum();
        long rows = folds.stream()
                .mapToLong(fold -> fold.training().rowCount())
                .min()
                .orElse(0);
        if (width > rows) {
            sentences.add(
                    "There are more numbers and texts in a row (%d) than rows to fit on (%d): much of what is found is chance; add rows, or leave features out (prepare.selections)."
                            .formatted(width, rows));
        }
    }

    /** A class of one row in a training part cannot be learnt, and judges nothing. */
    private void addRareClasses(List<String> sentences) {
        if (set.task() != Task.MULTICLASS) {
            return;
        }
        long[] least = new long[set.classes().size()];
        Arrays.fill(least, Long.MAX_VALUE);
        for (Fold fold : folds) {
            long[] counts = new long[least.length];
            for (float label : fold.training().labels()) {
                counts[(int) label]++;
            }
            Arrays.setAll(least, i -> Math.min(least[i], counts[i]));
        }
        List<String> rare = new ArrayList<>();
        for (int i = 0; i < least.length; i++) {
            if (least[i] < 2) {
                rare.add(set.classes().get(i));
            }
        }
        if (!rare.isEmpty()) {
            sentences.add("Classes with fewer than 2 rows in a training part cannot be learnt: %d of %d (%s%s)."
                    .formatted(
                            rare.size(),
                            least.length,
                            String.join(", ", rare.subList(0, Math.min(SHOWN_CLASSES, rare.size()))),
                            rare.size() > SHOWN_CLASSES ? ", ..." : ""));
        }
    }
}
