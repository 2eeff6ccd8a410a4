package io.foresell.training.serve;

import io.foresell.proto.training.v1.ByValueSplit;
import io.foresell.proto.training.v1.Candidate;
import io.foresell.proto.training.v1.EntitySplit;
import io.foresell.proto.training.v1.HoldOutSplit;
import io.foresell.proto.training.v1.KFoldSplit;
import io.foresell.proto.training.v1.Refusal;
import io.foresell.proto.training.v1.Split;
import io.foresell.proto.training.v1.Task;
import io.foresell.proto.training.v1.TimeSplit;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.training.calibrate.CalibrationPlan;
import io.foresell.training.choose.ChoosePlan;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.TrainingSetQuery;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.prepare.Preparation;
import io.foresell.training.run.CandidateSpec;
import io.foresell.training.run.JudgePlan;
import io.foresell.training.run.PublishRule;
import io.foresell.training.run.RefusalPlan;
import io.foresell.training.search.SearchPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns a spec on the wire into one that can run: fills in defaults, and names every field at fault at once. */
final class SpecProtos {
    private static final int MAX_CANDIDATES = io.foresell.training.run.TrainingSpec.MAX_CANDIDATES;
    private static final int MAX_NAME_LENGTH = 63;
    private static final int MAX_DESCRIPTION_LENGTH = 4_000;
    private static final double MAX_TEST_FRACTION = 0.9;
    private static final double TINY = 1e-9; // stands for "above 0"

    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}");
    private static final int MAX_MEANING_LENGTH = 200;

    private SpecProtos() {}

    /**
     * Returns the spec to run.
     *
     * @throws io.foresell.kit.ServiceException INVALID_ARGUMENT with a violation for every field at fault
     */
    static io.foresell.training.run.TrainingSpec toSpec(TrainingSpec message) {
        SpecCheck check = new SpecCheck();
        check.name("model", message.getModel());
        check.name("feature_set", message.getFeatureSet());
        if (!message.getLabelView().isEmpty() || message.getTask() != Task.TASK_CLUSTERS) {
            check.name("label_view", message.getLabelView());
        }
        @Nullable ChoosePlan choose = ChooseProtos.plan(message, check);
        List<CandidateSpec> candidates =
                message.hasChoose() ? List.of() : candidates(message.getCandidatesList(), check);
        Preparation preparation = PrepareProtos.preparation("prepare", message.getPrepare(), check);
        SplitPlan split = split(message.getSplit(), check);
        JudgePlan judge = JudgeProtos.judge(message.getJudge(), check);
        @Nullable RefusalPlan refusal = message.hasRefuse() ? refusal(message.getRefuse(), check) : null;
        @Nullable
        Metric metric =
                message.getMetric().isEmpty() ? null : check.checked("", () -> Metric.ranking(message.getMetric()));
        if (metric != null) {
            SpecTasks.require("metric", metric, true, message, check);
        }
        SpecTasks.requireRankable(message, check);
        io.foresell.model.@Nullable Task task = task(message, check);
        PublishRule publish = publish(message, check);
        long fromMillis = check.time("from_time", message.getFromTime());
        long untilMillis = check.time("until_time", message.getUntilTime());
        if (message.getLabelView().isEmpty() && fromMillis > 0) {
            check.refuse(
                    "from_time", message.getFromTime(), "none without a label view: rows have one instant, until_time");
        }
        if (untilMillis > 0 && untilMillis <= fromMillis) {
            check.refuse("until_time", message.getUntilTime(), "after from_time " + message.getFromTime());
        }
        if (message.getDescription().length() > MAX_DESCRIPTION_LENGTH) {
            check.refuse(
                    "description", message.getDescription(), "at most %d characters".formatted(MAX_DESCRIPTION_LENGTH));
        }
        message.getMeaningMap().forEach((language, meaning) -> meaning(language, meaning, check));
        check.done();
        return new io.foresell.training.run.TrainingSpec(
                message.getModel(),
                new TrainingSetQuery(message.getFeatureSet(), message.getLabelView(), task, fromMillis, untilMillis),
                candidates,
                preparation,
                split,
                metric,
                message.getSeed(),
                publish,
                message.getDescription(),
                message.getMeaningMap(),
                judge,
                refusal,
                choose);
    }

    private static RefusalPlan refusal(Refusal message, SpecCheck check) {
        OptionalDouble below = message.hasBelow() ? OptionalDouble.of(message.getBelow()) : OptionalDouble.empty();
        double share = message.hasShare() ? message.getShare() : RefusalPlan.USUAL_SHARE;
        int folds = message.getFolds() == 0 ? 5 : message.getFolds();
        @Nullable
        RefusalPlan plan = check.checked(
                "refuse", () -> new RefusalPlan(below, share, folds, new HashSet<>(message.getUnknownList())));
        return plan == null ? RefusalPlan.ofShare(RefusalPlan.USUAL_SHARE) : plan;
    }

    /** Returns the task asked for; null when labels decide. */
    private static io.foresell.model.@Nullable Task task(TrainingSpec message, SpecCheck check) {
        return switch (message.getTask()) {
            case TASK_UNSPECIFIED -> null;
            case TASK_BINARY -> io.foresell.model.Task.BINARY;
            case TASK_MULTICLASS -> io.foresell.model.Task.MULTICLASS;
            case TASK_REGRESSION -> io.foresell.model.Task.REGRESSION;
            case TASK_CLUSTERS -> io.foresell.model.Task.CLUSTERS;
            case UNRECOGNIZED -> {
                check.refuse("task", message.getTaskValue(), "BINARY, MULTICLASS, REGRESSION or CLUSTERS");
                yield null;
            }
        };
    }

    private static void meaning(String language, String meaning, SpecCheck check) {
        if (!LANGUAGE.matcher(language).matches() || meaning.isBlank() || meaning.length() > MAX_MEANING_LENGTH) {
            check.refuse(
                    "meaning",
                    "%s: %s".formatted(language, meaning),
                    "a language code and 1..%d characters".formatted(MAX_MEANING_LENGTH));
        }
    }

    private static List<CandidateSpec> candidates(List<Candidate> messages, SpecCheck check) {
        if (messages.isEmpty() || messages.size() > MAX_CANDIDATES) {
            check.refuse("candidates", messages.size() + " candidates", "1.." + MAX_CANDIDATES + ", or choose");
            return List.of();
        }
        List<CandidateSpec> candidates = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < messages.size(); i++) {
            Candidate message = messages.get(i);
            String field = "candidates[%d]".formatted(i);
            Algorithm parameters = AlgorithmProtos.toAlgorithm(field, message, check);
            if (message.getName().length() > MAX_NAME_LENGTH) {
                check.refuse(field + ".name", message.getName(), "at most %d characters".formatted(MAX_NAME_LENGTH));
            }
            ClassWeights weights = classWeights(field, message.getClassWeights(), check);
            CalibrationPlan calibration = JudgeProtos.calibration(
                    field + ".calibration", message.hasCalibration(), message.getCalibration(), check);
            @Nullable
            Preparation preparation = message.hasPrepare()
                    ? PrepareProtos.preparation(field + ".prepare", message.getPrepare(), check)
                    : null;
            if (parameters != null) {
                SearchPlan search = SearchProtos.toPlan(field + ".tuning", message, check);
                CandidateSpec candidate =
                        new CandidateSpec(message.getName(), parameters, weights, calibration, preparation, search);
                if (!names.add(candidate.name())) {
                    check.refuse(field + ".name", candidate.name(), "a name unique in the spec");
                }
                candidates.add(candidate);
            }
        }
        return candidates;
    }

    private static ClassWeights classWeights(
            String field, io.foresell.proto.training.v1.ClassWeights message, SpecCheck check) {
        if (message.getBalanced() && message.getWeightsCount() > 0) {
            check.refuse(field + ".class_weights", "balanced and weights", "one of the two");
            return ClassWeights.EQUAL;
        }
        if (message.getBalanced()) {
            return ClassWeights.BALANCED;
        }
        @Nullable ClassWeights weights = check.checked(field, () -> new ClassWeights(false, message.getWeightsMap()));
        return weights == null ? ClassWeights.EQUAL : weights;
    }

    private static SplitPlan split(Split message, SpecCheck check) {
        return switch (message.getKindCase()) {
            case K_FOLD -> kFold(message.getKFold(), check);
            case TIME -> time(message.getTime(), check);
            case ENTITY -> entity(message.getEntity(), check);
            case HOLD_OUT -> holdOut(message.getHoldOut(), check);
            case NESTED -> new SplitPlan.Nested(
                    kFold(message.getNested().getOuter(), check),
                    check.count("split.nested.inner_k", message.getNested().getInnerK(), 5, 2, 20));
            case BY_VALUE -> byValue(message.getByValue(), check);
            case KIND_NOT_SET -> SplitPlan.DEFAULT;
        };
    }

    private static SplitPlan.KFold kFold(KFoldSplit message, SpecCheck check) {
        SplitPlan.FoldBy by =
                switch (message.getBy()) {
                    case FOLD_BY_UNSPECIFIED, FOLD_BY_ROW_INDEX -> SplitPlan.FoldBy.ROW_INDEX;
                    case FOLD_BY_ENTITY -> SplitPlan.FoldBy.ENTITY;
                    case FOLD_BY_RANDOM -> SplitPlan.FoldBy.RANDOM;
                    case FOLD_BY_STRATIFIED -> SplitPlan.FoldBy.STRATIFIED;
                    case UNRECOGNIZED -> {
                        check.refuse(
                                "split.k_fold.by", message.getByValue(), "ROW_INDEX, ENTITY, RANDOM or STRATIFIED");
                        yield SplitPlan.FoldBy.ROW_INDEX;
                    }
                };
        int mostRepeats = by == SplitPlan.FoldBy.ROW_INDEX ? 1 : 20;
        return new SplitPlan.KFold(
                check.count("split.k_fold.k", message.getK(), 5, 2, 20),
                by,
                check.count("split.k_fold.repeats", message.getRepeats(), 1, 1, mostRepeats));
    }

    private static SplitPlan time(TimeSplit message, SpecCheck check) {
        double testFraction =
                testFraction("split.time.test_fraction", message.hasTestFraction(), message.getTestFraction(), check);
        double gapDays = check.number("split.time.gap_days", true, message.getGapDays(), 0, 0, 36_500);
        return new SplitPlan.Time(testFraction, gapDays);
    }

    private static SplitPlan entity(EntitySplit message, SpecCheck check) {
        return new SplitPlan.Entity(testFraction(
                "split.entity.test_fraction", message.hasTestFraction(), message.getTestFraction(), check));
    }

    private static SplitPlan holdOut(HoldOutSplit message, SpecCheck check) {
        double testFraction = testFraction(
                "split.hold_out.test_fraction", message.hasTestFraction(), message.getTestFraction(), check);
        return new SplitPlan.HoldOut(testFraction, message.getStratified());
    }

    private static SplitPlan byValue(ByValueSplit message, SpecCheck check) {
        @Nullable
        SplitPlan plan = check.checked(
                "", () -> new SplitPlan.ByValue(message.getFeature(), new HashSet<>(message.getTestList())));
        return plan == null ? SplitPlan.DEFAULT : plan;
    }

    private static double testFraction(String field, boolean isPresent, double value, SpecCheck check) {
        return check.number(field, isPresent, value, 0.2, TINY, MAX_TEST_FRACTION);
    }

    private static PublishRule publish(TrainingSpec message, SpecCheck check) {
        return switch (message.getPublish()) {
            case PUBLISH_RULE_UNSPECIFIED, PUBLISH_RULE_BEST -> PublishRule.BEST;
            case PUBLISH_RULE_ALL -> PublishRule.ALL;
            case PUBLISH_RULE_NONE -> PublishRule.NONE;
            case UNRECOGNIZED -> {
                check.refuse("publish", message.getPublishValue(), "BEST, ALL or NONE");
                yield PublishRule.NONE;
            }
        };
    }
}
