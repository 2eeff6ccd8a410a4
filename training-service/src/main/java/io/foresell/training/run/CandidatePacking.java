package io.foresell.training.run;

import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.evaluate.Judged;
import io.foresell.training.evaluate.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Makes the packages that are to be published. Used by the thread of the run only. */
final class CandidatePacking {
    private final TrainingSpec spec;
    private final Metric metric;
    private final TrainingSet set;
    private final CandidateFits fits;
    private final JudgementFile judgement;
    private final String specText;
    private final ProgressMeter meter;
    private final BooleanSupplier isCancelled;

    CandidatePacking(
            TrainingSpec spec,
            Metric metric,
            TrainingSet set,
            CandidateFits fits,
            JudgementFile judgement,
            String specText,
            ProgressMeter meter,
            BooleanSupplier isCancelled) {
        this.spec = spec;
        this.metric = metric;
        this.set = set;
        this.fits = fits;
        this.judgement = judgement;
        this.specText = specText;
        this.meter = meter;
        this.isCancelled = isCancelled;
    }

    /** Returns an outcome per candidate in the same order; a plain baseline is never packed. */
    List<CandidateOutcome> outcomes(List<JudgedCandidate> judged) {
        int best = 0;
        for (int i = 1; i < judged.size(); i++) {
            double measured = judged.get(i).evaluation().metric(metric);
            if (metric.isBetter(measured, judged.get(best).evaluation().metric(metric))) {
                best = i;
            }
        }
        List<CandidateOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < judged.size(); i++) {
            JudgedCandidate one = judged.get(i);
            boolean isBest = i == best;
            boolean isWanted = spec.publish() == PublishRule.ALL || (spec.publish() == PublishRule.BEST && isBest);
            if (isWanted && !one.isBaseline()) {
                Judged.@Nullable Slices slices = judgement.slices(one.judgement());
                JudgedCandidate sliced = slices == null ? one : one.with(withWorst(one.evaluation(), slices));
                outcomes.add(sliced.outcome(Optional.of(packed(sliced, slices)), isBest));
            } else {
                outcomes.add(one.outcome(Optional.empty(), isBest));
            }
        }
        meter.done();
        return outcomes;
    }

    private byte[] packed(JudgedCandidate judged, Judged.@Nullable Slices slices) {
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
        FittedParts parts = judgement.addTo(
                fitted.parts(),
                fitted.candidate(),
                judged.evaluation(),
                judged.judgement(),
                judged.importance(),
                judged.curve(),
                slices);
        ExampleCollector typical = new ExampleCollector(set.info().descriptions(), spec.meaning());
        ReportNotes notes = judged.notes().completed(parts, typical, isCancelled);
        return new PackageAssembly(
                        spec,
                        fitted.candidate(),
                        set,
                        judged.evaluation(),
                        judgement.leaks(),
                        judged.scoreOfTopTenth(),
                        fitted.refuseBelow(),
                        notes)
                .assemble(parts, specText);
    }

    /** Adds the metric of the slice where it is worst, which gates read. */
    private static Evaluation withWorst(Evaluation evaluation, Judged.Slices slices) {
        Metric metric = Metric.ranking(slices.metric());
        OptionalDouble worst = slices.all().stream()
                .map(Judged.Slice::metricValue)
                .filter(value -> value != null && !Double.isNaN(value))
                .mapToDouble(Double::doubleValue)
                .reduce((one, other) -> metric.isBetter(one, other) ? other : one);
        return worst.isPresent()
                ? evaluation.measured(Evaluation.WORST_SLICE + metric.key(), worst.getAsDouble())
                : evaluation;
    }
}
