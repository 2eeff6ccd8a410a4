package io.foresell.training.run;

import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetSource;
import io.foresell.training.evaluate.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the rows, fits and judges every candidate, and packs those that are to be published. Thread-safe. */
public final class TrainingRun {
    private static final Logger log = LoggerFactory.getLogger(TrainingRun.class);

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
        TrainingSet.Known known = known(
                Splitter.readable(source.read(spec.query(), meter::read, isCancelled), spec.split()), spec.refusal());
        TrainingSet set = known.rows().withoutConstants();
        TrainingSetChecks checks = new TrainingSetChecks(spec, set);
        checks.requireUsable();
        if (!isWanted(set, listener)) {
            return List.of();
        }
        List<Fold> folds = Splitter.split(set, spec.split(), spec.seed());
        checks.requireClasses(folds);
        checks.requireCalibratable(folds);
        Metric metric = spec.metricOf(set.task());
        meter.stage("check training set");
        DataChecks found = DataChecks.of(spec, set, folds, isCancelled);
        List<String> warnings = new ArrayList<>(new OddColumns(spec, set, folds).sentences());
        warnings.addAll(found.warnings());
        CandidateFits fits = new CandidateFits(spec, metric, settings, meter, isCancelled);
        CandidateJudge judge =
                new CandidateJudge(spec, metric, set, known.unknown(), folds, warnings, fits, meter, isCancelled);
        List<JudgedCandidate> judged = new ArrayList<>();
        for (CandidateSpec candidate : spec.candidates()) {
            JudgedCandidate one = judge.judge(candidate);
            judged.add(one);
            listener.judged(one.outcome(Optional.empty(), false));
        }
        return publish(spec, metric, set, JudgedCandidate.compared(metric, judged), found, fits, meter, isCancelled);
    }

    private static TrainingSet.Known known(TrainingSet set, @Nullable RefusalPlan plan) {
        return plan == null || plan.unknown().isEmpty() || set.rowCount() == 0
                ? new TrainingSet.Known(set, null)
                : set.without(plan.unknown());
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

    private List<CandidateOutcome> publish(
            TrainingSpec spec,
            Metric metric,
            TrainingSet set,
            List<JudgedCandidate> judged,
            DataChecks found,
            CandidateFits fits,
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
                    ? Optional.of(pack(spec, set, judged.get(i), found, fits, meter, isCancelled))
                    : Optional.empty();
            outcomes.add(judged.get(i).outcome(packageBytes, isBest));
        }
        meter.done();
        return outcomes;
    }

    private byte[] pack(
            TrainingSpec spec,
            TrainingSet set,
            JudgedCandidate judged,
            DataChecks found,
            CandidateFits fits,
            ProgressMeter meter,
            BooleanSupplier isCancelled) {
        CandidateSpec candidate = judged.candidate();
        CandidateFits.Fitted fitted;
        if (judged.fitted().isPresent()) {
            fitted = judged.fitted().get();
        } else {
            meter.fitStage("fit %s (all rows)".formatted(candidate.name()), candidate);
            TrainingFold all = TrainingFold.all(set);
            fitted = fits.refusing(fits.fit(candidate, all), all);
            meter.fitted(candidate);
        }
        meter.stage("pack " + candidate.name());
        FittedParts parts = new JudgementFile(spec, set, found, isCancelled)
                .addTo(
                        fitted.parts(),
                        fitted.candidate(),
                        judged.evaluation(),
                        judged.judgement(),
                        judged.importance(),
                        judged.curve());
        ExampleCollector typical = new ExampleCollector(set.info().descriptions(), spec.meaning());
        ReportNotes notes = judged.notes().completed(parts, typical, isCancelled);
        return new PackageAssembly(
                        spec,
                        fitted.candidate(),
                        set,
                        judged.evaluation(),
                        judged.scoreOfTopTenth(),
                        fitted.refuseBelow(),
                        notes)
                .assemble(parts, settings.specText());
    }
}
