package io.foresell.training.gate;

import io.foresell.model.manifest.Evaluation;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.registry.GateResult;
import io.foresell.training.registry.ModelVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds when the candidate beats the champion as each was judged in its own training; without a champion it holds.
 *
 * @param which an alias or a number; empty means the version released with the greatest weight
 * @param metric what is compared; null for what ranks candidates
 * @param margin by how much the candidate must be better, 0 or more
 * @param standardErrors of the lead, from both spreads over folds, that the lead must exceed; 0 asks nothing
 */
public record ChampionGate(String which, @Nullable Metric metric, double margin, double standardErrors)
        implements Gate {
    @Override
    public GateResult judge(GateCase judged) {
        Metric compared = metric == null ? judged.ranking() : metric;
        String name = "champion " + compared.key();
        Optional<ModelVersion> champion = judged.champion().apply(which);
        double own = GateCase.metric(judged.evaluation(), compared);
        if (champion.isEmpty()) {
            return new GateResult(name, true, Words.number(own), "any: there is no champion yet");
        }
        Evaluation other = champion.get().manifest().getEvaluation();
        double theirs = GateCase.metric(other, compared);
        double lead = compared.isHigherBetter() ? own - theirs : theirs - own;
        double error = standardErrors == 0 ? 0 : standardErrors * standardError(judged.evaluation(), other, compared);
        boolean isHeld = lead > 0 && lead >= margin && lead > error; // false where anything was not measured
        String expectation = "%s than %s of %s@%d by %s"
                .formatted(
                        compared.isHigherBetter() ? "more" : "less",
                        Words.number(theirs),
                        champion.get().model(),
                        champion.get().version(),
                        Words.number(Math.max(margin, error)));
        return new GateResult(name, isHeld, Words.number(own), expectation);
    }

    /** Of the difference of two means over folds: sqrt(s1^2 / k1 + s2^2 / k2); NaN when one was not judged by folds. */
    private static double standardError(Evaluation first, Evaluation second, Metric compared) {
        return Math.sqrt(squaredError(first, compared) + squaredError(second, compared));
    }

    private static double squaredError(Evaluation evaluation, Metric compared) {
        double deviation = evaluation.getMetricStandardDeviationsMap().getOrDefault(compared.key(), Double.NaN);
        return deviation * deviation / Folds.countOf(evaluation.getSplit());
    }
}
