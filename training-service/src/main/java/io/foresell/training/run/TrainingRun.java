package io.foresell.training.run;

import io.foresell.training.choose.ChoosePlan;
import io.foresell.training.choose.Families;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetSource;
import io.foresell.training.evaluate.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the rows, fits and judges every candidate, and packs those that are to be published. Thread-safe. */
public final class TrainingRun {
    private static final Logger log = LoggerFactory.getLogger(TrainingRun.class);

    private final RunSettings settings;
    private final LongSupplier nanoTime;

    /** Uses at most this many threads for fitting. */
    public TrainingRun(int threadCount) {
        this(RunSettings.of(threadCount));
    }

    public TrainingRun(RunSettings settings) {
        this(settings, System::nanoTime);
    }

    /** Takes the clock that budgets are measured by. */
    TrainingRun(RunSettings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    /**
     * Runs to the end on the calling thread.
     *
     * @param isCancelled asked at least once a second
     * @return one outcome per candidate in spec order, or best first when they were chosen; none when a drift check found nothing to do
     * @throws io.foresell.kit.ServiceException naming what is wrong with rows or spec
     * @throws java.util.concurrent.CancellationException when cancelled
     */
    public List<CandidateOutcome> run(
            TrainingSpec spec, TrainingSetSource source, ProgressListener listener, BooleanSupplier isCancelled) {
        ProgressMeter meter = new ProgressMeter(spec, listener);
        meter.stage("read training set");
        TrainingSet.Known known = known(
                Splitter.readable(source.read(spec.query(), meter::read, isCancelled), spec.split()), spec.refusal());
        meter.startBudget();
        ChoosePlan plan = spec.choose();
        if (plan == null) {
            return run(spec, null, known, meter, listener, isCancelled);
        }
        Families families = Families.of(known.rows(), spec.preparation(), plan);
        TrainingSpec proposed = spec.with(ChoosingRun.candidates(families), families.preparation());
        return run(proposed, new Chosen(families, plan), known, meter, listener, isCancelled);
    }

    /** What was proposed in place of candidates. */
    private record Chosen(Families families, ChoosePlan plan) {}

    private List<CandidateOutcome> run(
            TrainingSpec spec,
            @Nullable Chosen chosen,
            TrainingSet.Known read,
            ProgressMeter meter,
            ProgressListener listener,
            BooleanSupplier isCancelled) {
        TrainingSetChecks checks = new TrainingSetChecks(spec, read.rows());
        checks.requireUsable();
        TrainingSet.Known known = RankingGroups.grouped(spec.judge().rankings(), read);
        TrainingSet set = known.rows();
        if (!isWanted(set, listener)) {
            return List.of();
        }
        List<Fold> folds = Splitter.split(set, spec.split(), spec.seed());
        checks.requireClasses(folds);
        checks.requireCalibratable(folds);
        Metric metric = spec.metricOf(set.task());
        meter.stage("check training set");
        DataChecks found = DataChecks.of(spec, set, folds, isCancelled);
        Champion champion = settings.champion();
        @Nullable
        ChampionJudge championJudge =
                champion == null ? null : new ChampionJudge(champion, spec, set, folds, settings, meter, isCancelled);
        List<String> warnings = new ArrayList<>(new OddColumns(spec, set, folds).sentences());
        warnings.addAll(found.warnings());
        List<JudgedCandidate> judged;
        List<String> choice = List.of();
        if (chosen == null) {
            judged = judged(spec, metric, known, folds, warnings, meter, listener, isCancelled);
        } else {
            ChoosingRun.Choice ranked =
                    choose(chosen, spec, metric, known, folds, warnings, meter, listener, isCancelled);
            judged = ranked.ranked();
            choice = ranked.sentences();
            listener.decided(String.join("\n", choice));
        }
        if (championJudge != null) {
            judged = championJudge.compared(judged);
        }
        JudgementFile file = new JudgementFile(spec, set, found, choice, isCancelled);
        CandidateFits fits = new CandidateFits(spec, metric, settings, meter, isCancelled);
        return new CandidatePacking(spec, metric, set, fits, file, settings.specText(), meter, isCancelled)
                .outcomes(judged);
    }

    private List<JudgedCandidate> judged(
            TrainingSpec spec,
            Metric metric,
            TrainingSet.Known known,
            List<Fold> folds,
            List<String> warnings,
            ProgressMeter meter,
            ProgressListener listener,
            BooleanSupplier isCancelled) {
        TrainingSet set = known.rows();
        CandidateFits fits = new CandidateFits(spec, metric, settings, meter, isCancelled);
        CandidateJudge judge = new CandidateJudge(
                spec, metric, set, known.unknown(), folds, warnings, fits, meter, isCancelled, done -> {});
        TuningJudge tuned = new TuningJudge(metric, judge::judge);
        List<JudgedCandidate> judged = new ArrayList<>();
        for (CandidateSpec candidate : spec.candidates()) {
            JudgedCandidate one = tuned.judge(candidate);
            judged.add(one);
            listener.judged(one.outcome(Optional.empty(), false));
        }
        return JudgedCandidate.compared(metric, judged);
    }

    private ChoosingRun.Choice choose(
            Chosen chosen,
            TrainingSpec spec,
            Metric metric,
            TrainingSet.Known known,
            List<Fold> folds,
            List<String> warnings,
            ProgressMeter meter,
            ProgressListener listener,
            BooleanSupplier isCancelled) {
        ChoosingRun.Judges judges = limit -> new CandidateJudge(
                spec,
                metric,
                known.rows(),
                known.unknown(),
                folds,
                warnings,
                new CandidateFits(spec, metric, settings, meter, limit),
                meter,
                limit,
                done -> limit.judgedFold(done, folds.size()));
        return new ChoosingRun(
                        chosen.families(),
                        chosen.plan(),
                        spec,
                        metric,
                        "%,d rows".formatted(known.rows().rowCount()),
                        judges,
                        listener,
                        isCancelled,
                        nanoTime)
                .run();
    }

    private static TrainingSet.Known known(TrainingSet set, @Nullable RefusalPlan plan) {
        return plan == null || plan.unknown().isEmpty() || set.rowCount() == 0
                ? new TrainingSet.Known(set.withoutConstants(), null)
                : set.without(plan.unknown()).withoutConstants();
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
}
