package io.foresell.training.run;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.Task;
import io.foresell.training.calibrate.CalibrationPlan;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.prepare.Preparation;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Refuses rows that cannot be trained on, before anything is fitted. */
final class TrainingSetChecks {
    /** More different texts than this are an identifier, not a category. */
    static final int MAX_CATEGORIES = 1000;

    private final TrainingSpec spec;
    private final TrainingSet set;

    TrainingSetChecks(TrainingSpec spec, TrainingSet set) {
        this.spec = spec;
        this.set = set;
    }

    void requireUsable() {
        if (set.rowCount() == 0) {
            throw failed(
                    "NO_ROWS",
                    "rows of %s with feature set %s: 0 (expected: 1 or more)"
                            .formatted(
                                    spec.query().labelView().isEmpty()
                                            ? "all entities"
                                            : "label view " + spec.query().labelView(),
                                    spec.query().featureSet()));
        }
        requireSeveralLabels();
        if (spec.refusal() != null && set.task() != Task.BINARY && set.task() != Task.MULTICLASS) {
            throw failed(
                    "REFUSAL_UNSUITED",
                    "refuse: given for task %s (expected: a task with classes, binary or multiclass)"
                            .formatted(set.task().key()));
        }
        requireJudgeable();
        for (CandidateSpec candidate : spec.candidates()) {
            requirePrepared(spec.preparationOf(candidate), candidate.algorithm());
        }
        List<InputField> used = TrainingFold.all(set).fieldsWithValues();
        for (CandidateSpec candidate : spec.candidates()) {
            if (!candidate.algorithm().tasks().contains(set.task())) {
                throw failed(
                        "TASK_NOT_SUPPORTED",
                        "task of candidate %s: %s (expected: %s answers %s)"
                                .formatted(
                                        candidate.name(),
                                        set.task().key(),
                                        candidate.algorithm().key(),
                                        keys(candidate.algorithm().tasks())));
            }
            candidate.algorithm().requireReadable(used);
        }
    }

    /** Every named column exists, and every text is one that its encoding can hold. */
    private void requirePrepared(Preparation preparation, Algorithm algorithm) {
        preparation.requireSuits(set.fields());
        for (InputField field : set.fields()) {
            int categories = set.categoryCount(field.name());
            if (categories > MAX_CATEGORIES
                    && !preparation.readsManyTexts(field)
                    && !algorithm.readsWords(field.name(), set.categories(field.name()))) {
                throw failed(
                        "TOO_MANY_CATEGORIES",
                        ("different texts in %s: %d (expected: at most %d; leave an identifier out, or prepare the column"
                                        + " by target, hash, words or characters, or one_hot with max_categories)")
                                .formatted(field.name(), categories, MAX_CATEGORIES));
            }
        }
    }

    private static String keys(Set<Task> tasks) {
        return tasks.stream().sorted().map(Task::key).collect(Collectors.joining(", "));
    }

    private void requireSeveralLabels() {
        if (set.task() == Task.CLUSTERS) {
            return;
        }
        long different = IntStream.range(0, set.rowCount())
                .mapToDouble(set::label)
                .distinct()
                .limit(2)
                .count();
        if (different < 2) {
            String view = spec.query().labelView();
            throw switch (set.task()) {
                case REGRESSION -> failed(
                        "LABEL_CONSTANT",
                        "label view %s: %s in all %d rows (expected: different values)"
                                .formatted(view, set.label(0), set.rowCount()));
                case MULTICLASS -> failed(
                        "LABEL_ONE_CLASS",
                        "label view %s: '%s' in all %d rows (expected: two classes or more)"
                                .formatted(view, nameOf(set.label(0)), set.rowCount()));
                case BINARY, CLUSTERS, RANKING -> failed(
                        "LABEL_ONE_CLASS",
                        "label view %s: %d positive of %d rows (expected: two classes)"
                                .formatted(view, set.label(0) == 1 ? set.rowCount() : 0, set.rowCount()));
            };
        }
    }

    private String nameOf(double label) {
        return set.task() == Task.MULTICLASS ? set.classes().get((int) label) : label == 1 ? "positive" : "negative";
    }

    /** What acting is worth asks who is positive, and the order of rows what each is worth. */
    private void requireJudgeable() {
        if (set.task() != Task.BINARY
                && set.task() != Task.REGRESSION
                && spec.judge().rankings() != null) {
            throw failed(
                    "RANKINGS_UNSUITED",
                    "judge.rankings for task %s (expected: task binary or regression)"
                            .formatted(set.task().key()));
        }
        if (set.task() != Task.BINARY
                && (spec.judge().payoff() != null || spec.judge().capacity() != null)) {
            throw failed(
                    "DECISION_NEEDS_TWO_CLASSES",
                    "judge.%s for task %s (expected: task binary)"
                            .formatted(
                                    spec.judge().payoff() == null ? "capacity" : "costs",
                                    set.task().key()));
        }
    }

    /** Every side of every split must hold two classes; with folds, a judged side may lack one if another does not. */
    void requireClasses(List<Fold> folds) {
        if (set.task() != Task.BINARY && set.task() != Task.MULTICLASS) {
            return;
        }
        int judgeable = 0;
        for (int i = 0; i < folds.size(); i++) {
            TrainingFold training = folds.get(i).training();
            if (isOneClass(asDoubles(training.labels()))) {
                throw failed(
                        "LABEL_ONE_CLASS",
                        "rows to fit on in fold %d of %d: %d, all of class %s (expected: two classes; more rows, or another split)"
                                .formatted(i + 1, folds.size(), training.rowCount(), nameOf(training.labels()[0])));
            }
            judgeable += isOneClass(folds.get(i).heldOut().labels()) ? 0 : 1;
        }
        if (judgeable == 0) {
            throw failed(
                    "LABEL_ONE_CLASS",
                    "judged parts with two classes: 0 of %d (expected: 1 or more; more rows, or another split)"
                            .formatted(folds.size()));
        }
    }

    private static double[] asDoubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private static boolean isOneClass(double[] labels) {
        return Arrays.stream(labels).distinct().limit(2).count() < 2;
    }

    /** Every inner fold of a calibration must see both classes. */
    void requireCalibratable(List<Fold> folds) {
        if (set.task() != Task.BINARY) {
            return;
        }
        long rarer = folds.stream()
                .mapToLong(fold -> rarerCount(fold.training()))
                .min()
                .orElse(0);
        for (CandidateSpec candidate : spec.candidates()) {
            CalibrationPlan plan = candidate.calibration();
            if (plan.choice() != CalibrationPlan.Choice.NONE && rarer < plan.foldCount()) {
                throw failed(
                        "CALIBRATION_NEEDS_ROWS",
                        ("rows of the rarer class to calibrate candidate %s on: %d in the smallest training part (expected: at least"
                                        + " %d, one per calibration fold; fewer calibration.folds, more rows, or method none)")
                                .formatted(candidate.name(), rarer, plan.foldCount()));
            }
        }
    }

    private static long rarerCount(TrainingFold fold) {
        long positives = 0;
        for (float label : fold.labels()) {
            positives += label == 1 ? 1 : 0;
        }
        return Math.min(positives, fold.rowCount() - positives);
    }

    private static ServiceException failed(String reason, String message) {
        return new ServiceException(Failure.precondition(reason, message));
    }
}
