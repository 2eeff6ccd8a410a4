package io.foresell.training.run;

import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.FitListener;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.search.Search;
import io.foresell.training.search.SearchPlan;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Fits candidates on folds as a spec says. Used by the thread of the run only. */
final class CandidateFits {
    private final TrainingSpec spec;
    private final Metric metric;
    private final RunSettings settings;
    private final ProgressMeter meter;
    private final BooleanSupplier isCancelled;

    CandidateFits(
            TrainingSpec spec, Metric metric, RunSettings settings, ProgressMeter meter, BooleanSupplier isCancelled) {
        this.spec = spec;
        this.metric = metric;
        this.settings = settings;
        this.meter = meter;
        this.isCancelled = isCancelled;
    }

    /**
     * A fitted model.
     *
     * @param candidate the candidate with the parameters it was fitted with
     * @param found how they were found; null when they were not searched
     * @param refuseBelow the probability of the likeliest class below which it refuses; empty when it never does
     */
    record Fitted(
            FittedParts parts, CandidateSpec candidate, Search.@Nullable Found found, OptionalDouble refuseBelow) {}

    /** Fits on a fold, with the parameters that a search on that fold finds when the candidate asks for one. */
    Fitted fit(CandidateSpec candidate, TrainingFold fold) {
        requireWanted();
        FitRequest request = request(candidate, fold, meter::progressed);
        SearchPlan plan = candidate.search();
        Search.Found found =
                plan == null ? null : new Search(plan, metric, settings.threadCount(), meter::tried).run(request);
        CandidateSpec chosen = found == null ? candidate : candidate.with(found.algorithm());
        FittedParts parts = FittedParts.of(chosen.fitter(settings.threadCount()).fit(request), request);
        return new Fitted(parts, chosen, found, OptionalDouble.empty());
    }

    /**
     * Returns a fitted model that refuses as the spec says.
     *
     * @param fold the rows it was fitted on
     */
    Fitted refusing(Fitted fitted, TrainingFold fold) {
        RefusalPlan plan = spec.refusal();
        if (plan == null) {
            return fitted;
        }
        double below = plan.below().isPresent() ? plan.below().getAsDouble() : leastConfidence(plan, fitted, fold);
        return new Fitted(fitted.parts(), fitted.candidate(), fitted.found(), OptionalDouble.of(below));
    }

    /** Returns the confidence that all but a share of the rows reach when models answer that were not fitted on them. */
    private double leastConfidence(RefusalPlan plan, Fitted fitted, TrainingFold fold) {
        float[] confidences = new float[fold.rowCount()];
        int count = 0;
        List<TrainingFold.Parts> inner = fold.innerFolds(plan.foldCount(), spec.seed());
        meter.partFitted();
        for (int i = 0; i < inner.size(); i++) {
            requireWanted();
            meter.stage("fit %s (part %d of %d, to know when to refuse)"
                    .formatted(fitted.candidate().name(), i + 1, inner.size()));
            TrainingFold heldBack = inner.get(i).heldBack();
            if (inner.get(i).fitted().rowCount() == 0 || heldBack.rowCount() == 0) {
                continue;
            }
            FittedParts parts = parts(fitted.candidate(), inner.get(i).fitted());
            meter.partFitted();
            int width = parts.answer().width();
            float[] answers = new float[heldBack.rowCount() * width];
            parts.scorer().score(heldBack.rows(parts.signature()), answers);
            for (int row = 0; row < heldBack.rowCount(); row++) {
                confidences[count++] = parts.answer().confidence(answers, row * width);
            }
        }
        float[] sorted = Arrays.copyOf(confidences, count);
        Arrays.sort(sorted);
        return sorted[(int) (plan.share() * count)];
    }

    private FittedParts parts(CandidateSpec candidate, TrainingFold fold) {
        FitRequest request = request(candidate, fold, meter::progressed);
        return FittedParts.of(candidate.fitter(settings.threadCount()).fit(request), request);
    }

    private FitRequest request(CandidateSpec candidate, TrainingFold fold, FitListener listener) {
        return new FitRequest(
                fold,
                spec.preparationOf(candidate),
                candidate.classWeights(),
                spec.seed(),
                listener,
                isCancelled,
                Optional.ofNullable(settings.checkpointFolder()));
    }

    private void requireWanted() {
        if (isCancelled.getAsBoolean()) {
            throw new CancellationException("cancelled");
        }
    }
}
