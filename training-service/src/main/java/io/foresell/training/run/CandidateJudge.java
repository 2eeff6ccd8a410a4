package io.foresell.training.run;

import io.foresell.model.Task;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.evaluate.ImportanceSummary;
import io.foresell.training.evaluate.Judged.LearningCurve;
import io.foresell.training.evaluate.Judged.LearningPoint;
import io.foresell.training.evaluate.Judgement;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.prepare.Touched;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fits candidates on the folds of one training set and judges them on the rows held out. */
final class CandidateJudge {
    private static final Logger log = LoggerFactory.getLogger(CandidateJudge.class);

    private static final double[] LEARNING_SHARES = {0.25, 0.5};

    private final TrainingSpec spec;
    private final Metric metric;
    private final TrainingSet set;
    private final @Nullable HeldOutRows unknown;
    private final List<Fold> folds;
    private final List<String> warnings;
    private final CandidateFits fits;
    private final ProgressMeter meter;
    private final BooleanSupplier isCancelled;
    private final IntConsumer afterFold;

    /**
     * Takes the rows, and the warnings that every candidate's evaluation begins with.
     *
     * @param unknown rows that belong to none of the classes; null for none
     * @param afterFold hears how many folds of a candidate have been judged; what it throws ends the judging
     */
    CandidateJudge(
            TrainingSpec spec,
            Metric metric,
            TrainingSet set,
            @Nullable HeldOutRows unknown,
            List<Fold> folds,
            List<String> warnings,
            CandidateFits fits,
            ProgressMeter meter,
            BooleanSupplier isCancelled,
            IntConsumer afterFold) {
        this.afterFold = afterFold;
        this.spec = spec;
        this.metric = metric;
        this.set = set;
        this.unknown = unknown;
        this.folds = folds;
        this.warnings = warnings;
        this.fits = fits;
        this.meter = meter;
        this.isCancelled = isCancelled;
    }

    JudgedCandidate judge(CandidateSpec candidate) {
        long startNanos = System.nanoTime();
        Judgement judgement = new Judgement(set.task(), spec.judge().listMetrics(), spec.seed(), isCancelled);
        ImportanceSummary importance = new ImportanceSummary();
        LearningCurve curve = null;
        int[] entityOfRow = entityNumbers(set);
        ExampleCollector examples = new ExampleCollector(set.info().descriptions(), spec.meaning());
        warnings.forEach(judgement::warn);
        ClusterJudge clusters = new ClusterJudge(set, spec.preparation(), spec.seed(), isCancelled);
        RefusalJudge refusals = new RefusalJudge(unknown);
        Optional<CandidateFits.Fitted> kept = Optional.empty();
        List<List<Touched>> touched = new ArrayList<>();
        List<String> searches = new ArrayList<>();
        for (int i = 0; i < folds.size(); i++) {
            meter.fitStage(
                    folds.size() == 1
                            ? "fit " + candidate.name()
                            : "fit %s (fold %d of %d)".formatted(candidate.name(), i + 1, folds.size()),
                    candidate);
            TrainingFold training = folds.get(i).training();
            CandidateFits.Fitted fitted = fits.refusing(fits.fit(candidate, training), training);
            FittedParts parts = fitted.parts();
            touched.add(parts.touched());
            new FoldJudge(parts, folds.get(i), folds.size(), entityOfRow)
                    .judgeInto(judgement, importance, examples, isCancelled);
            refusals.judgeInto(judgement, fitted, folds.get(i).heldOut());
            clusters.judgeInto(judgement, parts, folds.get(i));
            new PermutationImportance(parts, metric, spec.seed())
                    .addTo(importance, folds.get(i).heldOut(), folds.size(), isCancelled);
            if (fitted.found() != null && candidate.search() != null) {
                searches.add(SearchText.of(fitted.found(), candidate.search(), metric));
            }
            if (i == 0 && spec.judge().hasLearningCurve()) {
                curve = learningCurve(fitted, folds.get(0));
            }
            kept = spec.split().isRefitted() ? Optional.empty() : Optional.of(fitted);
            meter.fitted(candidate);
            afterFold.accept(i + 1);
        }
        clusters.finishInto(
                judgement, folds.get(0), rows -> fits.fit(candidate, rows).parts());
        refusals.finishInto(judgement);
        searches.forEach(judgement::warn);
        Touched.sentences(touched).forEach(judgement::warn);
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        Evaluation evaluation = evaluation(judgement);
        log.info(
                "judged model={} candidate={} rows={} {}={} seconds={}",
                spec.model(),
                candidate.name(),
                evaluation.evaluationRowCount(),
                metric.key(),
                evaluation.metric(metric),
                seconds);
        double scoreOfTopTenth = set.task() == Task.BINARY ? judgement.scoreOfTop(0.1) : 0;
        ReportNotes notes = new ReportNotes(judgement.shape(set.classes()), examples.examples(), Optional.empty());
        return new JudgedCandidate(
                candidate, evaluation, judgement, importance, curve, scoreOfTopTenth, notes, kept, searches, seconds);
    }

    private Evaluation evaluation(Judgement judgement) {
        long trainingRows =
                folds.size() > 1 ? set.rowCount() : folds.get(0).training().rowCount();
        return judgement
                .evaluation(spec.split().describe(), trainingRows)
                .decided(judgement
                        .rows()
                        .decision(spec.judge().payoff(), spec.judge().capacity()));
    }

    /** Returns what each row is about, as numbers from 0 up. */
    static int[] entityNumbers(TrainingSet set) {
        Map<String, Integer> numbers = new HashMap<>();
        int[] entityOfRow = new int[set.rowCount()];
        for (int row = 0; row < entityOfRow.length; row++) {
            entityOfRow[row] = numbers.computeIfAbsent(set.entityKey(row), key -> numbers.size());
        }
        return entityOfRow;
    }

    /** Fits the parameters of a fitted model on fewer rows. */
    private LearningCurve learningCurve(CandidateFits.Fitted whole, Fold fold) {
        CandidateSpec candidate = whole.candidate();
        List<LearningPoint> points = new ArrayList<>();
        for (double share : LEARNING_SHARES) {
            meter.stage("fit %s (%.0f %% of the rows)".formatted(candidate.name(), 100 * share));
            TrainingFold part = fold.training().holdBack(1 - share, spec.seed()).fitted();
            points.add(point(fits.fit(candidate, part).parts(), fold));
        }
        points.add(point(whole.parts(), fold));
        return LearningCurves.of(metric, points);
    }

    private LearningPoint point(FittedParts parts, Fold fold) {
        float[] answers = new float[fold.heldOut().rowCount() * parts.answer().width()];
        parts.scorer().score(fold.heldOut().rows(parts.signature()), answers);
        double value = Judgement.measure(
                parts.answer().task(),
                metric,
                fold.heldOut().labels(),
                answers,
                fold.heldOut().groups());
        return new LearningPoint(parts.fold().rowCount(), value);
    }
}
