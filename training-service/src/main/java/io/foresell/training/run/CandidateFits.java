package io.foresell.training.run;

import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.search.Search;
import io.foresell.training.search.SearchPlan;
import java.util.Optional;
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
     */
    record Fitted(FittedParts parts, CandidateSpec candidate, Search.@Nullable Found found) {}

    /** Fits on a fold, with the parameters that a search on that fold finds when the candidate asks for one. */
    Fitted fit(CandidateSpec candidate, TrainingFold fold) {
        requireWanted();
        FitRequest request = new FitRequest(
                fold,
                spec.preparationOf(candidate),
                candidate.classWeights(),
                spec.seed(),
                meter::progressed,
                isCancelled,
                Optional.ofNullable(settings.checkpointFolder()));
        SearchPlan plan = candidate.search();
        Search.Found found =
                plan == null ? null : new Search(plan, metric, settings.threadCount(), meter::tried).run(request);
        CandidateSpec chosen = found == null ? candidate : candidate.with(found.algorithm());
        return new Fitted(FittedParts.of(chosen.fitter(settings.threadCount()).fit(request), request), chosen, found);
    }

    private void requireWanted() {
        if (isCancelled.getAsBoolean()) {
            throw new CancellationException("cancelled");
        }
    }
}
