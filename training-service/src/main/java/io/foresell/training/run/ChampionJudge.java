package io.foresell.training.run;

import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.Comparisons;
import io.foresell.training.evaluate.Judged.ChampionComparison;
import io.foresell.training.evaluate.Judgement;
import io.foresell.training.evaluate.Metric;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges the champion on the rows that judge the candidates, and compares these with it. A package was fitted on all its rows, so rows it
 * has seen flatter it: it scores where every judged row is later than those; else its own candidate is repeated in the same folds; only
 * what cannot be repeated is scored by its package all the same. Used by the thread of the run only.
 */
final class ChampionJudge {
    private static final Logger log = LoggerFactory.getLogger(ChampionJudge.class);

    private final Champion champion;
    private final TrainingSet set;
    private final Metric metric;
    private final ChampionScoring scoring;
    private final boolean isUnseen;
    private final @Nullable ChampionRepetition repetition;
    /** Why ways were not gone, as clauses. */
    private final Set<String> obstacles = new LinkedHashSet<>();

    /** Plans, so that the meter knows of the work. */
    ChampionJudge(
            Champion champion,
            TrainingSpec spec,
            TrainingSet set,
            List<Fold> folds,
            RunSettings settings,
            ProgressMeter meter,
            BooleanSupplier isCancelled) {
        this.champion = champion;
        this.set = set;
        Metric named = champion.metric();
        this.metric = named == null ? spec.metricOf(set.task()) : named;
        this.scoring = new ChampionScoring(champion, spec, set, folds, isCancelled);
        this.isUnseen = scoring.isUnseen();
        this.repetition = planned(spec, settings, meter, isCancelled);
    }

    private @Nullable ChampionRepetition planned(
            TrainingSpec spec, RunSettings settings, ProgressMeter meter, BooleanSupplier isCancelled) {
        try {
            ChampionRepetition planned = ChampionRepetition.of(champion, spec, set, settings, meter, isCancelled);
            if (!isUnseen) {
                meter.expect(planned.work());
            }
            return planned;
        } catch (ChampionObstacle e) {
            obstacles.add(e.clause());
            return null;
        }
    }

    /**
     * How the champion was judged.
     *
     * @param judgement null when it was not
     */
    private record Verdict(String way, String reason, @Nullable Judgement judgement) {}

    /** Returns the candidates compared with the champion. */
    List<JudgedCandidate> compared(List<JudgedCandidate> judged) {
        Verdict verdict = verdict(judged);
        log.info("champion judged champion={} way={} reason={}", champion.name(), verdict.way(), verdict.reason());
        return judged.stream()
                .map(one -> one.with(one.evaluation().against(comparison(one, verdict))))
                .toList();
    }

    private ChampionComparison comparison(JudgedCandidate one, Verdict verdict) {
        Judgement judgement = verdict.judgement();
        return new ChampionComparison(
                champion.version(),
                verdict.way(),
                verdict.reason(),
                judgement == null ? 0 : one.evaluation().evaluationRowCount(),
                judgement == null
                        ? null
                        : Comparisons.of(metric, one.candidate().name(), one.judgement(), champion.name(), judgement));
    }

    private Verdict verdict(List<JudgedCandidate> judged) {
        Optional<String> incomparable = incomparable();
        if (incomparable.isPresent()) {
            return new Verdict(ChampionComparison.METRICS, incomparable.get(), null);
        }
        Optional<Verdict> verdict = isUnseen
                ? scored().or(() -> repeated(judged))
                : repeated(judged).or(this::scored);
        return verdict.orElseGet(() -> new Verdict(ChampionComparison.METRICS, String.join("; ", obstacles), null));
    }

    private Optional<String> incomparable() {
        String task = champion.manifest().getTask();
        if (!task.equals(set.task().key())) {
            return Optional.of("it answers task %s and these rows ask for %s"
                    .formatted(task, set.task().key()));
        }
        return metric.ofLists() != null || Comparisons.metrics(set.task()).contains(metric)
                ? Optional.empty()
                : Optional.of("%s has no paired test for task %s"
                        .formatted(metric.key(), set.task().key()));
    }

    private Optional<Verdict> repeated(List<JudgedCandidate> judged) {
        if (repetition == null) {
            return Optional.empty();
        }
        Optional<JudgedCandidate> equal = repetition.equalOne(judged);
        if (equal.isPresent()) {
            String reason = "%s; candidate %s is the same, so both are one"
                    .formatted(repetition.reason(), equal.get().candidate().name());
            return Optional.of(
                    new Verdict(ChampionComparison.REPEATED, reason, equal.get().judgement()));
        }
        try {
            return Optional.of(new Verdict(ChampionComparison.REPEATED, repetition.reason(), repetition.judge()));
        } catch (ChampionObstacle e) {
            obstacles.add(e.clause());
            return Optional.empty();
        }
    }

    private Optional<Verdict> scored() {
        try {
            Judgement judgement = scoring.judge();
            String reason = isUnseen
                    ? "every row that judges is later than those it was fitted on"
                    : "%s; it may have been fitted on rows that judge, which favours it"
                            .formatted(String.join("; ", obstacles));
            return Optional.of(new Verdict(ChampionComparison.PACKAGE, reason + changed(), judgement));
        } catch (ChampionObstacle e) {
            obstacles.add(e.clause());
            return Optional.empty();
        }
    }

    /** A feature of the same name may mean something else by now. */
    private String changed() {
        String hash = champion.manifest().getFeatureSetHash();
        return hash.isEmpty() || hash.equals(set.info().featureSetHash())
                ? ""
                : "; the feature set has changed since it was fitted";
    }
}
