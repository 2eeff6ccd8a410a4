package io.foresell.training.run;

import io.foresell.model.Task;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetSource;
import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.evaluate.Judgement;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.FitRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the rows, fits and judges every candidate, and packs those that are to be published. Thread-safe. */
public final class TrainingRun {
    private static final Logger log = LoggerFactory.getLogger(TrainingRun.class);

    private final int threadCount;

    /** Uses at most this many threads for fitting. */
    public TrainingRun(int threadCount) {
        if (threadCount < 1) {
            throw new IllegalArgumentException("thread count: %d (expected: 1 or more)".formatted(threadCount));
        }
        this.threadCount = threadCount;
    }

    /**
     * Runs to the end on the calling thread.
     *
     * @param isCancelled asked at least once a second
     * @return one outcome per candidate in spec order
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
        List<Fold> folds = Splitter.split(set, spec.split(), spec.seed());
        checks.requireClasses(folds);
        List<String> warnings = checks.warnings();
        Metric metric = spec.metricOf(set.task());
        List<Judged> judged = new ArrayList<>();
        for (CandidateSpec candidate : spec.candidates()) {
            Judged one = judge(spec, metric, candidate, set, folds, warnings, meter, isCancelled);
            judged.add(one);
            listener.judged(one.outcome(Optional.empty(), false));
        }
        return publish(spec, metric, set, judged, meter, isCancelled);
    }

    /** A candidate after its folds. {@code fitted} is the judged model of a split without folds. */
    private record Judged(
            CandidateSpec candidate,
            Evaluation evaluation,
            double scoreOfTopTenth,
            Optional<FittedParts> fitted,
            double seconds) {
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
        Judgement judgement = new Judgement(set.task());
        warnings.forEach(judgement::warn);
        ClusterJudge clusters = new ClusterJudge(set, spec.preparation(), spec.seed(), isCancelled);
        Optional<FittedParts> fitted = Optional.empty();
        for (int i = 0; i < folds.size(); i++) {
            requireWanted(isCancelled);
            meter.fitStage(
                    folds.size() == 1
                            ? "fit " + candidate.name()
                            : "fit %s (fold %d of %d)".formatted(candidate.name(), i + 1, folds.size()),
                    candidate);
            FittedParts parts = fit(spec, candidate, folds.get(i).training(), meter, isCancelled);
            new FoldJudge(parts, folds.get(i), folds.size()).judgeInto(judgement, isCancelled);
            clusters.judgeInto(judgement, parts, folds.get(i));
            fitted = spec.split().isRefitted() ? Optional.empty() : Optional.of(parts);
            meter.fitted(candidate);
        }
        clusters.finishInto(judgement, folds.get(0), training -> fit(spec, candidate, training, meter, isCancelled));
        long trainingRows =
                folds.size() > 1 ? set.rowCount() : folds.get(0).training().rowCount();
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        Evaluation evaluation = judgement.evaluation(spec.split().describe(), trainingRows);
        log.info(
                "judged model={} candidate={} rows={} {}={} seconds={}",
                spec.model(),
                candidate.name(),
                evaluation.evaluationRowCount(),
                metric.key(),
                evaluation.metric(metric),
                seconds);
        double scoreOfTopTenth = set.task() == Task.BINARY ? judgement.scoreOfTop(0.1) : 0;
        return new Judged(candidate, evaluation, scoreOfTopTenth, fitted, seconds);
    }

    private FittedParts fit(
            TrainingSpec spec,
            CandidateSpec candidate,
            TrainingFold fold,
            ProgressMeter meter,
            BooleanSupplier isCancelled) {
        FitRequest request = new FitRequest(
                fold, spec.preparation(), candidate.classWeights(), spec.seed(), meter::progressed, isCancelled);
        return FittedParts.of(candidate.algorithm().fitter(threadCount).fit(request), fold);
    }

    private List<CandidateOutcome> publish(
            TrainingSpec spec,
            Metric metric,
            TrainingSet set,
            List<Judged> judged,
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
            Optional<byte[]> packageBytes =
                    isPacked ? Optional.of(pack(spec, set, judged.get(i), meter, isCancelled)) : Optional.empty();
            outcomes.add(judged.get(i).outcome(packageBytes, isBest));
        }
        meter.done();
        return outcomes;
    }

    private byte[] pack(
            TrainingSpec spec, TrainingSet set, Judged judged, ProgressMeter meter, BooleanSupplier isCancelled) {
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
        return new PackageAssembly(spec, candidate, set, judged.evaluation(), judged.scoreOfTopTenth()).assemble(parts);
    }

    private static void requireWanted(BooleanSupplier isCancelled) {
        if (isCancelled.getAsBoolean()) {
            throw new CancellationException("cancelled");
        }
    }
}
