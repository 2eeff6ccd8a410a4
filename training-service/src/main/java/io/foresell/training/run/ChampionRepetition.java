package io.foresell.training.run;

import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.training.calibrate.CalibrationPlan;
import io.foresell.training.choose.ChoosePlan;
import io.foresell.training.choose.Families;
import io.foresell.training.choose.Proposal;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.Judgement;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.prepare.Preparation;
import io.foresell.training.search.SearchPlan;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fits and judges the champion's own candidate in the folds of this training, as if it were one more candidate, on the features that it
 * knows. Used by the thread of the run only.
 */
final class ChampionRepetition {
    private final Champion champion;
    private final TrainingSpec spec;
    private final RunSettings settings;
    private final ProgressMeter meter;
    private final BooleanSupplier isCancelled;
    /** The rows without the features that the champion does not know. */
    private final TrainingSet rows;

    private final Set<String> leftOut;
    /** The spec of this training with the champion's candidate in place of its own. */
    private final TrainingSpec repeated;

    private ChampionRepetition(
            Champion champion,
            TrainingSpec spec,
            RunSettings settings,
            TrainingSet rows,
            Set<String> leftOut,
            TrainingSpec repeated,
            ProgressMeter meter,
            BooleanSupplier isCancelled) {
        this.champion = champion;
        this.spec = spec;
        this.settings = settings;
        this.rows = rows;
        this.leftOut = leftOut;
        this.repeated = repeated;
        this.meter = meter;
        this.isCancelled = isCancelled;
    }

    /**
     * Plans the repetition.
     *
     * @throws ChampionObstacle when the champion's spec is not known, or not one for these rows
     */
    static ChampionRepetition of(
            Champion champion,
            TrainingSpec spec,
            TrainingSet set,
            RunSettings settings,
            ProgressMeter meter,
            BooleanSupplier isCancelled)
            throws ChampionObstacle {
        TrainingSpec own = champion.spec();
        if (own == null) {
            throw new ChampionObstacle(champion.obstacle());
        }
        ChampionScoring.requireFeatures(champion.signature(), set);
        Set<String> unknown = unknownFeatures(champion, set);
        TrainingSet rows = unknown.isEmpty() ? set : set.leavingOut(unknown);
        try {
            TrainingSpec repeated = candidate(champion.candidate(), own, spec, rows);
            new TrainingSetChecks(repeated, rows).requireUsable();
            return new ChampionRepetition(champion, spec, settings, rows, unknown, repeated, meter, isCancelled);
        } catch (ServiceException e) {
            throw unrepeatable(e);
        }
    }

    private static ChampionObstacle unrepeatable(ServiceException cause) {
        ChampionObstacle obstacle = new ChampionObstacle("its candidate cannot be repeated on these rows ("
                + cause.failure().message() + ")");
        obstacle.initCause(cause);
        return obstacle;
    }

    /** Of another feature set, or of another form of it, the champion knows only what it reads: new features are no merit of its own. */
    private static Set<String> unknownFeatures(Champion champion, TrainingSet set) {
        boolean isSame =
                champion.manifest().getFeatureSetHash().equals(set.info().featureSetHash())
                        && champion.manifest().getFeatureSet().equals(set.info().featureSet());
        if (isSame) {
            return Set.of();
        }
        Set<String> known = new HashSet<>();
        champion.signature().inputs().forEach(input -> known.add(input.name()));
        return set.fields().stream()
                .map(InputField::name)
                .filter(name -> !known.contains(name))
                .collect(Collectors.toSet());
    }

    private static TrainingSpec candidate(String name, TrainingSpec own, TrainingSpec spec, TrainingSet rows)
            throws ChampionObstacle {
        ChoosePlan choose = own.choose();
        if (choose != null) {
            Families families = Families.of(rows, own.preparation(), choose);
            for (Proposal proposal : families.proposals()) {
                Optional<CandidateSpec> found = ChoosingRun.repeated(proposal, name, spec.split(), choose);
                if (found.isPresent()) {
                    return spec.with(List.of(found.get()), families.preparation());
                }
            }
        }
        for (CandidateSpec candidate : own.candidates()) {
            if (candidate.name().equals(name)) {
                return spec.with(List.of(candidate), own.preparation());
            }
        }
        throw new ChampionObstacle("its spec has no candidate '%s'".formatted(name));
    }

    private CandidateSpec candidate() {
        return repeated.candidates().get(0);
    }

    /** Returns the work of it, as {@link CandidateSpec#work} does. */
    double work() {
        return spec.split().fitCount() * candidate().work();
    }

    /** Returns why it is done, as a clause. */
    String reason() {
        return leftOut.isEmpty()
                ? "its package may have been fitted on rows that judge"
                : "its package may have been fitted on rows that judge, without the features that it does not know: %s"
                        .formatted(leftOut.stream().sorted().collect(Collectors.joining(", ")));
    }

    /** Returns the candidate that is fitted just as the champion is, so that nothing need be fitted twice; empty when there is none. */
    Optional<JudgedCandidate> equalOne(List<JudgedCandidate> judged) {
        return leftOut.isEmpty()
                ? judged.stream().filter(one -> isEqual(one.candidate())).findFirst()
                : Optional.empty();
    }

    private boolean isEqual(CandidateSpec other) {
        CandidateSpec own = candidate();
        Preparation preparation = repeated.preparationOf(own);
        return own.algorithm().equals(other.algorithm())
                && own.classWeights().equals(other.classWeights())
                && own.calibration().equals(other.calibration())
                && preparation.equals(spec.preparationOf(other))
                && isEqual(own.search(), other.search());
    }

    /** Of equal algorithms, how values are put into them is equal, too; the metric that a search raises must be. */
    private boolean isEqual(@Nullable SearchPlan own, @Nullable SearchPlan other) {
        if (own == null || other == null) {
            return own == null && other == null;
        }
        return own.method() == other.method()
                && own.trialCount() == other.trialCount()
                && own.seconds() == other.seconds()
                && own.innerFolds() == other.innerFolds()
                && own.dimensions().equals(other.dimensions())
                && searchMetric().equals(spec.metricOf(rows.task()));
    }

    /** Returns what the champion's own training ranked by. */
    private Metric searchMetric() {
        Metric own = Objects.requireNonNull(champion.spec()).metric();
        return own != null && own.suits(rows.task()) ? own : Metric.usual(rows.task());
    }

    /**
     * Fits and judges.
     *
     * @throws ChampionObstacle when the rows of a fold cannot be fitted so
     * @throws java.util.concurrent.CancellationException when cancelled
     */
    Judgement judge() throws ChampionObstacle {
        List<Fold> folds = Splitter.split(rows, spec.split(), spec.seed());
        CandidateFits fits = new CandidateFits(repeated, searchMetric(), settings, meter, isCancelled);
        ChampionAnswers answers = new ChampionAnswers(spec, rows, isCancelled);
        try {
            if (candidate().calibration().choice() != CalibrationPlan.Choice.NONE) {
                new TrainingSetChecks(repeated, rows).requireCalibratable(folds);
            }
            for (int i = 0; i < folds.size(); i++) {
                Fold fold = folds.get(i);
                meter.fitStage(
                        "fit the champion %s (fold %d of %d)".formatted(champion.name(), i + 1, folds.size()),
                        candidate());
                FittedParts parts = fits.fit(candidate(), fold.training()).parts();
                float[] scores =
                        new float[fold.heldOut().rowCount() * parts.answer().width()];
                parts.scorer().score(fold.heldOut().rows(parts.signature()), scores);
                answers.add(fold.heldOut(), scores);
                meter.fitted(candidate());
            }
        } catch (ServiceException e) {
            throw unrepeatable(e);
        }
        return answers.judgement();
    }
}
