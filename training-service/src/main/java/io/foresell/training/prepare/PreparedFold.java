package io.foresell.training.prepare;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.TrainingFold;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The rows of a training fold that are fitted on, cleaned by a plan, and the encodings fitted on them. Whatever is fitted here has seen
 * these rows and no others. Not thread-safe.
 */
public final class PreparedFold {
    private final Preparation plan;
    /** Cleaned, with the values of the set. */
    private final TrainingFold stored;
    /** The same rows with last values filled in and marked texts. */
    private final TrainingFold fold;

    private final List<Touched> cleaning = new ArrayList<>();
    private final Map<String, TargetMeans> means = new HashMap<>();
    private List<Touched> encoding = List.of();

    private final long seed;

    private PreparedFold(TrainingFold raw, Preparation plan, long seed) {
        this.plan = plan;
        this.seed = seed;
        if (plan.equals(Preparation.NONE)) {
            this.stored = raw.asStored();
            this.fold = stored;
            return;
        }
        this.stored = new RowCleaning(plan, seed, cleaning).clean(raw.asStored());
        this.fold = marked(new LastValues(plan, cleaning).fill(stored));
    }

    /** Cleans a fold; parts of a fold that was cleaned keep all their rows. */
    public static PreparedFold of(TrainingFold fold, Preparation plan, long seed) {
        return new PreparedFold(fold, plan, seed);
    }

    private TrainingFold marked(TrainingFold filled) {
        TrainingFold marked = filled;
        for (InputField field : filled.fieldsWithValues()) {
            if (plan.planOf(field) instanceof TextPlan text && text.rule() instanceof TextRule.Target rule) {
                String[] texts = filled.rows(Signature.of(List.of(field))).texts();
                TargetMeans mean = new TargetMeans(field.name(), rule, filled, texts, seed);
                means.put(field.name(), mean);
                marked = marked.with(field.name(), mean.marked());
            }
        }
        return marked;
    }

    /** Returns the plan. */
    public Preparation plan() {
        return plan;
    }

    /** Returns the rows to fit on: cleaned, and marked where an encoding was fitted with labels. */
    public TrainingFold fold() {
        return fold;
    }

    /**
     * Returns the raw inputs: the features with a value in these rows that the plan does not leave out.
     *
     * @throws ServiceException FAILED_PRECONDITION without any
     */
    public Signature signature() {
        List<InputField> fields = fold.fieldsWithValues().stream()
                .filter(field -> !(plan.planOf(field) instanceof LeftOut))
                .toList();
        if (fields.isEmpty()) {
            throw new ServiceException(Failure.precondition(
                    "NO_FEATURES",
                    "features whose values differ in the %d training rows: 0 (expected: 1 or more)"
                            .formatted(fold.rowCount())));
        }
        return Signature.of(fields);
    }

    /**
     * Fits the encoding of every column for a family.
     *
     * @param isCancelled asked at least once a second
     */
    public Preprocessing encode(Family family, BooleanSupplier isCancelled) {
        Signature signature = signature();
        List<Touched> touched = new ArrayList<>();
        FittedColumns columns = new FittedColumns();
        for (InputField field : signature.inputs()) {
            fit(field, family, columns, touched);
        }
        Preprocessing encoded = columns.preprocessing();
        if (!plan.interactions().isEmpty()
                || !plan.selections().isEmpty()
                || plan.rows().flagsIsolated()
                || !columns.completed().isEmpty()) {
            StepFitting steps = new StepFitting(plan, fold, fold.rows(signature), seed, touched, isCancelled);
            encoded = steps.extended(encoded, columns);
        }
        encoding = touched;
        return encoded;
    }

    private void fit(InputField field, Family family, FittedColumns columns, List<Touched> touched) {
        Rows rows = stored.rows(Signature.of(List.of(field)));
        ColumnPlan of = plan.planOf(field);
        if (of instanceof TextPlan text) {
            TextFitting fitting = new TextFitting(field, rows.texts(), family, columns, touched);
            TargetMeans mean = means.get(field.name());
            if (mean == null) {
                fitting.fit(text);
            } else {
                fitting.fit(text, mean);
            }
            return;
        }
        boolean isFilled = plan.selections().stream().anyMatch(each -> each.rule() == Selection.Rule.COMPONENTS);
        Family numbers = isFilled && family == Family.RAW_FLAT ? Family.STANDARDIZED_FLAT : family;
        if (of instanceof SequencePlan sequence) {
            new SequenceFitting(field, rows.numbers(), numbers, columns, touched).fit(sequence);
            return;
        }
        float[] values = fold.rows(Signature.of(List.of(field))).numbers();
        NumberFitting fitting = new NumberFitting(field, values, numbers, columns, touched);
        if (of instanceof DatePlan date) {
            fitting.fit(date);
        } else {
            fitting.fit((NumberPlan) of);
        }
    }

    /** Returns what cleaning and the last encoding changed. */
    public List<Touched> touched() {
        List<Touched> all = new ArrayList<>(cleaning);
        all.addAll(encoding);
        return all;
    }
}
