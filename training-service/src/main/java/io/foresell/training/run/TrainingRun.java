package io.foresell.training.run;

import io.foresell.model.Task;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetSource;
import io.foresell.training.evaluate.Comparisons;
import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.evaluate.ImportanceSummary;
import io.foresell.training.evaluate.Judged.Comparison;
import io.foresell.training.evaluate.Judged.LearningCurve;
import io.foresell.training.evaluate.Judged.LearningPoint;
import io.foresell.training.evaluate.Judgement;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.prepare.Touched;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the rows, fits and judges every candidate, and packs those that are to be published. Thread-safe. */
public final class TrainingRun {
    private static final Logger log = LoggerFactory.getLogger(TrainingRun.class);

    private static final double[] LEARNING_SHARES = {0.25, 0.5};

    private final RunSettings settings;

    /** Uses at most this many threads for fitting. */
    public TrainingRun(int threadCount) {
        this(RunSettings.of(threadCount));
    }

    public TrainingRun(RunSettings settings) {
        this.settings = settings;
    }

    /**
     * Runs to the end on the calling thread.
     *
     * @param isCancelled asked at least once a second
     * @return one outcome per candidate in spec order; none when a drift check found nothing to do
     * @throws io.foresell.kit.ServiceException naming what is wrong with rows or spec
     * @throws java.util.concurrent.CancellationException when cancelled
     */
    public List<CandidateOutcome> run(
            TrainingSpec spec, TrainingSetSource source, ProgressListener listener, BooleanSupplier isCancelled) {
        ProgressMeter meter = new ProgressMeter(spec, listener);
        meter.stage("read training set");
        TrainingSet set = source.read(spec.query(), meter::read, isCancelled);
        TrainingSetChecks checks = new TrainingSetChecks(spec, set);
        checks.requireUsable();
        if (!isWanted(set, listener)) {
            return List.of();
        }
        List<Fold> folds = Splitter.split(set, spec.split(), spec.seed());
        checks.requireClasses(folds);
        Metric metric = spec.metricOf(set.task());
        meter.stage("check training set");
        DataChecks found = DataChecks.of(spec, set, folds, isCancelled);
        List<String> warnings = new ArrayList<>(checks.warnings());
        warnings.addAll(found.warnings());
        List<Judged> judged = new ArrayList<>();
        for (CandidateSpec candidate : spec.candidates()) {
            Judged one = judge(spec, metric, candidate, set, folds, warnings, meter, isCancelled);
            judged.add(one);
            listener.judged(one.outcome(Optional.empty(), false));
        }
        return publish(spec, metric, set, compared(metric, judged), found, meter, isCancelled);
    }

    private boolean isWanted(TrainingSet set, ProgressListener listener) {
        if (settings.drift() == null) {
            return true;
        }
        DriftCheck.Finding finding = new DriftCheck(set, settings.drift()).find();
        log.info("drift checked drifted={} finding={}", finding.hasDrifted(), finding.sentence());
        listener.decided(finding.sentence());
        return finding.hasDrifted();
    }

    /** A candidate after its folds. {@code fitted} is the judged model of a split without folds. */
    private record Judged(
            CandidateSpec candidate,
            Evaluation evaluation,
            Judgement judgement,
            ImportanceSummary importance,
            @Nullable LearningCurve curve,
            double scoreOfTopTenth,
            ReportNotes notes,
            Optional<FittedParts> fitted,
            double seconds) {
        Judged compared(List<Comparison> comparisons) {
            return new Judged(
                    candidate,
                    evaluation.compared(comparisons),
                    judgement,
                    importance,
                    curve,
                    scoreOfTopTenth,
                    notes,
                    fitted,
                    seconds);
        }

        CandidateOutcome outcome(Optional<byte[]> packageBytes, boolean isBest) {
            return new CandidateOutcome(
                    candidate.name(), candidate.algorithm().key(), evaluation, packageBytes, seconds, isBest);
        }
    }

    private Judged judge(
            TrainingSpec spec,
            Metric metric,
            CandidateSpec candidate,
            TrainingSet set,
            List<Fold> folds,
            List<String> warnings,
            ProgressMeter meter,
            BooleanSupplier isCancelled) {
        long startNanos = System.nanoTime();
        Judgement judgement = new Judgement(set.task(), spec.seed(), isCancelled);
        ImportanceSummary importance = new ImportanceSummary();
        LearningCurve curve = null;
        int[] entityOfRow = entityNumbers(set);
        ExampleCollector examples = new ExampleCollector(set.info().descriptions(), spec.meaning());
        warnings.forEach(judgement::warn);
        ClusterJudge clusters = new ClusterJudge(set, spec.preparation(), spec.seed(), isCancelled);
        Optional<FittedParts> fitted = Optional.empty();
        List<List<Touched>> touched = new ArrayList<>();
        for (int i = 0; i < folds.size(); i++) {
            requireWanted(isCancelled);
            meter.fitStage(
                    folds.size() == 1
                            ? "fit " + candidate.name()
                            : "fit %s (fold %d of %d)".formatted(candidate.name(), i + 1, folds.size()),
                    candidate);
            FittedParts parts = fit(spec, candidate, folds.get(i).training(), meter, isCancelled);
            touched.add(parts.touched());
            new FoldJudge(parts, folds.get(i), folds.size(), entityOfRow)
                    .judgeInto(judgement, importance, examples, isCancelled);
            clusters.judgeInto(judgement, parts, folds.get(i));
            new PermutationImportance(parts, metric, spec.seed())
                    .addTo(importance, folds.get(i).heldOut(), folds.size(), isCancelled);
            if (i == 0 && spec.judge().hasLearningCurve()) {
                curve = learningCurve(spec, metric, candidate, folds.get(0), parts, meter, isCancelled);
            }
            fitted = spec.split().isRefitted() ? Optional.empty() : Optional.of(parts);
            meter.fitted(candidate);
        }
        clusters.finishInto(judgement, folds.get(0), training -> fit(spec, candidate, training, meter, isCancelled));
        Touched.sentences(touched).forEach(judgement::warn);
        long trainingRows =
                folds.size() > 1 ? set.rowCount() : folds.get(0).training().rowCount();
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        Evaluation evaluation = judgement
                .evaluation(spec.split().describe(), trainingRows)
                .decided(judgement
                        .rows()
                        .decision(spec.judge().payoff(), spec.judge().capacity()));
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
        return new Judged(candidate, evaluation, judgement, importance, curve, scoreOfTopTenth, notes, fitted, seconds);
    }

    /** Returns what each row is about, as numbers from 0 up. */
    private static int[] entityNumbers(TrainingSet set) {
        Map<String, Integer> numbers = new HashMap<>();
        int[] entityOfRow = new int[set.rowCount()];
        for (int row = 0; row < entityOfRow.length; row++) {
            entityOfRow[row] = numbers.computeIfAbsent(set.entityKey(row), key -> numbers.size());
        }
        return entityOfRow;
    }

    /** Compares each candidate with each other one. */
    private static List<Judged> compared(Metric metric, List<Judged> judged) {
        List<Judged> all = new ArrayList<>();
        for (int i = 0; i < judged.size(); i++) {
            Judged one = judged.get(i);
            List<Comparison> comparisons = new ArrayList<>();
            for (int j = 0; j < judged.size(); j++) {
                Judged other = judged.get(j);
                if (j != i) {
                    comparisons.add(Comparisons.of(
                            metric,
                            one.candidate().name(),
                            one.judgement(),
                            other.candidate().name(),
                            other.judgement()));
                }
            }
            all.add(one.compared(comparisons));
        }
        return all;
    }

    private LearningCurve learningCurve(
            TrainingSpec spec,
            Metric metric,
            CandidateSpec candidate,
            Fold fold,
            FittedParts whole,
            ProgressMeter meter,
            BooleanSupplier isCancelled) {
        List<LearningPoint> points = new ArrayList<>();
        for (double share : LEARNING_SHARES) {
            requireWanted(isCancelled);
            meter.stage("fit %s (%.0f %% of the rows)".formatted(candidate.name(), 100 * share));
            TrainingFold part = fold.training().holdBack(1 - share, spec.seed()).fitted();
            points.add(point(metric, fit(spec, candidate, part, meter, isCancelled), fold));
        }
        points.add(point(metric, whole, fold));
        return LearningCurves.of(metric, points);
    }

    private static LearningPoint point(Metric metric, FittedParts parts, Fold fold) {
        float[] answers = new float[fold.heldOut().rowCount() * parts.answer().width()];
        parts.scorer().score(fold.heldOut().rows(parts.signature()), answers);
        double value =
                Judgement.measure(parts.answer().task(), metric, fold.heldOut().labels(), answers);
        return new LearningPoint(parts.fold().rowCount(), value);
    }

    private FittedParts fit(
            TrainingSpec spec,
            CandidateSpec candidate,
            TrainingFold fold,
            ProgressMeter meter,
            BooleanSupplier isCancelled) {
        FitRequest request = new FitRequest(
                fold,
                spec.preparationOf(candidate),
                candidate.classWeights(),
                spec.seed(),
                meter::progressed,
                isCancelled,
                Optional.ofNullable(settings.checkpointFolder()));
        return FittedParts.of(candidate.fitter(settings.threadCount()).fit(request), request);
    }

    private List<CandidateOutcome> publish(
            TrainingSpec spec,
            Metric metric,
            TrainingSet set,
            List<Judged> judged,
            DataChecks found,
            ProgressMeter meter,
            BooleanSupplier isCancelled) {
        int best = 0;
        for (int i = 1; i < judged.size(); i++) {
            double measured = judged.get(i).evaluation().metric(metric);
            if (metric.isBetter(measured, judged.get(best).evaluation().metric(metric))) {
                best = i;
            }
        }
        List<CandidateOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < judged.size(); i++) {
            boolean isBest = i == best;
            boolean isPacked = spec.publish() == PublishRule.ALL || (spec.publish() == PublishRule.BEST && isBest);
            Optional<byte[]> packageBytes = isPacked
                    ? Optional.of(pack(spec, set, judged.get(i), found, meter, isCancelled))
                    : Optional.empty();
            outcomes.add(judged.get(i).outcome(packageBytes, isBest));
        }
        meter.done();
        return outcomes;
    }

    private byte[] pack(
            TrainingSpec spec,
            TrainingSet set,
            Judged judged,
            DataChecks found,
            ProgressMeter meter,
            BooleanSupplier isCancelled) {
        requireWanted(isCancelled);
        CandidateSpec candidate = judged.candidate();
        FittedParts parts;
        if (judged.fitted().isPresent()) {
            parts = judged.fitted().get();
        } else {
            meter.fitStage("fit %s (all rows)".formatted(candidate.name()), candidate);
            parts = fit(spec, candidate, TrainingFold.all(set), meter, isCancelled);
            meter.fitted(candidate);
        }
        meter.stage("pack " + candidate.name());
        parts = new JudgementFile(spec, set, found, isCancelled)
                .addTo(parts, candidate, judged.evaluation(), judged.judgement(), judged.importance(), judged.curve());
        ExampleCollector typical = new ExampleCollector(set.info().descriptions(), spec.meaning());
        ReportNotes notes = judged.notes().completed(parts, typical, isCancelled);
        return new PackageAssembly(spec, candidate, set, judged.evaluation(), judged.scoreOfTopTenth(), notes)
                .assemble(parts, settings.specText());
    }

    private static void requireWanted(BooleanSupplier isCancelled) {
        if (isCancelled.getAsBoolean()) {
            throw new CancellationException("cancelled");
        }
    }
}
