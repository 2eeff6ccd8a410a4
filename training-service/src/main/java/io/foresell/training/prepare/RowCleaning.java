package io.foresell.training.prepare;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.TrainingFold;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Leaves out rows of a training fold: those without required values, then duplicates, then outliers, of one column and of all. */
final class RowCleaning {
    private final Preparation plan;
    private final long seed;
    private final List<Touched> touched;

    RowCleaning(Preparation plan, long seed, List<Touched> touched) {
        this.plan = plan;
        this.seed = seed;
        this.touched = touched;
    }

    /** Returns the rows that stay; a fold that was cleaned stays as it is. */
    TrainingFold clean(TrainingFold fold) {
        if (fold.isCleaned() || fold.rowCount() == 0) {
            return fold;
        }
        TrainingFold rest = withoutIsolated(withoutOutliers(withoutDuplicates(complete(fold))));
        if (rest.rowCount() == 0) {
            throw new ServiceException(Failure.precondition(
                    "PREPARE_NO_ROWS",
                    "training rows after cleaning: 0 of %d (expected: 1 or more; ask for less in prepare.rows or in outliers)"
                            .formatted(fold.rowCount())));
        }
        if (isOneLabel(rest) && !isOneLabel(fold)) {
            throw new ServiceException(Failure.precondition(
                    "LABEL_ONE_CLASS",
                    "different labels in the %d training rows that cleaning left of %d: 1 (expected: 2 or more)"
                            .formatted(rest.rowCount(), fold.rowCount())));
        }
        return rest;
    }

    private static boolean isOneLabel(TrainingFold fold) {
        float[] labels = fold.labels();
        for (float label : labels) {
            if (label != labels[0]) {
                return false;
            }
        }
        return true;
    }

    private TrainingFold complete(TrainingFold fold) {
        TrainingFold rest = fold;
        Set<String> withValues = names(fold.fieldsWithValues());
        for (String name : plan.rows().requiredColumns()) {
            boolean[] isKept = new boolean[rest.rowCount()];
            if (withValues.contains(name)) {
                InputField field = field(fold, name);
                Rows rows = rest.rows(Signature.of(List.of(field)));
                setAll(isKept, row -> isThere(rows, row, field));
            }
            rest = kept(rest, isKept, "left out rows without " + name);
        }
        return rest;
    }

    private static void setAll(boolean[] marks, java.util.function.IntPredicate mark) {
        for (int i = 0; i < marks.length; i++) {
            marks[i] = mark.test(i);
        }
    }

    private static boolean isThere(Rows rows, int row, InputField field) {
        if (field.kind() == InputKind.TEXT) {
            return !rows.texts()[row].isEmpty();
        }
        for (int i = row * field.width(); i < (row + 1) * field.width(); i++) {
            if (!Float.isNaN(rows.numbers()[i])) {
                return true;
            }
        }
        return false;
    }

    private TrainingFold withoutDuplicates(TrainingFold fold) {
        if (plan.rows().duplicates() == RowRules.Duplicates.KEEP || fold.rowCount() == 0) {
            return fold;
        }
        List<InputField> fields = fold.fieldsWithValues();
        Rows rows = fields.isEmpty() ? new Rows(0, new float[0], new String[0]) : fold.rows(Signature.of(fields));
        float[] labels = fold.labels();
        boolean isOfEntity = plan.rows().duplicates() == RowRules.Duplicates.OF_ENTITY;
        Set<RowValues> seen = new HashSet<>();
        boolean[] isKept = new boolean[fold.rowCount()];
        setAll(
                isKept,
                row -> seen.add(
                        RowValues.of(rows, row, fold.rowCount(), labels[row], isOfEntity ? fold.entityKey(row) : "")));
        return kept(fold, isKept, "left out duplicate rows");
    }

    private TrainingFold withoutOutliers(TrainingFold fold) {
        if (fold.rowCount() == 0) {
            return fold;
        }
        boolean[] isKept = new boolean[fold.rowCount()];
        Arrays.fill(isKept, true);
        boolean isAsked = false;
        for (InputField field : fold.fieldsWithValues()) {
            if (plan.planOf(field) instanceof NumberPlan number
                    && number.outliers() != null
                    && number.outliers().action() == Outliers.Action.DROP) {
                isAsked = true;
                float[] values = fold.rows(Signature.of(List.of(field))).numbers();
                Outliers.Bounds bounds = number.outliers().bounds(values);
                for (int row = 0; row < values.length; row++) {
                    isKept[row] &= bounds.contains(values[row]);
                }
            }
        }
        return isAsked ? kept(fold, isKept, "left out rows with outliers") : fold;
    }

    /** Leaves out the rows that an isolation forest over standardised numbers and one-hot texts finds most unlike the others. */
    private TrainingFold withoutIsolated(TrainingFold fold) {
        int count = (int) Math.round(plan.rows().isolatedShare() * fold.rowCount());
        if (count == 0
                || plan.rows().isolated() != RowRules.Isolated.DROP
                || fold.fieldsWithValues().isEmpty()) {
            return fold;
        }
        PreparedFold plain = PreparedFold.of(fold, Preparation.NONE, seed);
        Preprocessing columns = plain.encode(Family.STANDARDIZED_FLAT, () -> false);
        float[] values = columns.encode(fold.rows(columns.signature()));
        double[] scores = IsolationForest.fit(
                        values, columns.encodedWidth(), IsolationForest.USUAL_TREES, IsolationForest.USUAL_SAMPLE, seed)
                .scores(values);
        boolean[] isKept = new boolean[fold.rowCount()];
        IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> -scores[row]))
                .skip(count)
                .forEach(row -> isKept[row] = true);
        return kept(fold, isKept, "left out rows that an isolation forest separates soonest");
    }

    private TrainingFold kept(TrainingFold fold, boolean[] isKept, String step) {
        TrainingFold rest = fold.cleaned(isKept);
        touched.add(new Touched(step, fold.rowCount() - rest.rowCount(), fold.rowCount(), "training rows"));
        return rest;
    }

    private static InputField field(TrainingFold fold, String name) {
        return fold.fieldsWithValues().stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> names(List<InputField> fields) {
        Set<String> names = new HashSet<>();
        fields.forEach(field -> names.add(field.name()));
        return names;
    }

    /** All values of a row, compared as wholes. */
    private record RowValues(List<Float> numbers, List<String> texts, float label, String entity) {
        static RowValues of(Rows rows, int row, int rowCount, float label, String entity) {
            int numberWidth = rows.numbers().length / rowCount;
            int textWidth = rows.texts().length / rowCount;
            Float[] numbers = new Float[numberWidth];
            Arrays.setAll(numbers, i -> rows.numbers()[row * numberWidth + i]);
            String[] texts = Arrays.copyOfRange(rows.texts(), row * textWidth, (row + 1) * textWidth);
            return new RowValues(List.of(numbers), List.of(texts), label, entity);
        }
    }
}
