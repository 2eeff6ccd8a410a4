package io.foresell.training.gate;

import io.foresell.model.manifest.ChampionComparison;
import io.foresell.model.manifest.Evaluation;
import io.foresell.model.manifest.MetricComparison;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.registry.GateResult;
import io.foresell.training.registry.ModelVersion;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds when the candidate proves itself against the champion by the paired comparison that its training made; without a champion it holds.
 * It fails when the champion is another one than its training saw. Where the champion could not be judged on the same rows, the metrics of
 * the two trainings are compared.
 *
 * @param which an alias or a number; empty means the version released with the greatest weight
 * @param metric what is compared; null for what ranks candidates
 * @param margin by how much the candidate must be better, or may be worse; 0 or more, above 0 with {@link Rule#NON_INFERIORITY}
 * @param standardErrors of the lead by metrics, from both spreads over folds, that the lead must exceed; 0 asks nothing
 */
public record ChampionGate(String which, @Nullable Metric metric, Rule rule, double margin, double standardErrors)
        implements Gate {
    /** What the candidate must prove; the lead is the difference, signed so that more is better. */
    public enum Rule {
        /** The low end of the 95 % interval of the lead is above the margin. */
        SUPERIORITY,
        /** The low end of the 95 % interval of the lead is above minus the margin. */
        NON_INFERIORITY
    }

    private double bound() {
        return rule == Rule.SUPERIORITY ? margin : -margin;
    }

    @Override
    public GateResult judge(GateCase judged) {
        Metric compared = metric == null ? judged.ranking() : metric;
        String name = "champion " + compared.key();
        Optional<ModelVersion> champion = judged.champion().apply(which);
        Evaluation own = judged.evaluation();
        int version = own.hasChampion() ? own.getChampion().getVersion() : 0;
        if (champion.isEmpty() && version == 0) {
            return new GateResult(
                    name, true, Words.number(GateCase.metric(own, compared)), "any: there is no champion yet");
        }
        if (champion.isEmpty() || champion.get().version() != version) {
            return changed(name, judged.manifest().getModel(), version, champion);
        }
        return own.getChampion().hasComparison()
                ? paired(name, compared, own.getChampion())
                : byMetrics(name, compared, own, champion.get());
    }

    private static GateResult changed(String name, String model, int version, Optional<ModelVersion> champion) {
        String seen = version == 0 ? "no champion" : "%s@%d".formatted(model, version);
        String now =
                champion.map(other -> "%s@%d".formatted(model, other.version())).orElse("no version");
        return new GateResult(
                name,
                false,
                "judged against " + seen,
                "judged against %s, which is the champion now: train again".formatted(now));
    }

    private GateResult paired(String name, Metric compared, ChampionComparison made) {
        MetricComparison comparison = made.getComparison();
        double sign = compared.isHigherBetter() ? 1 : -1;
        double low = Math.min(
                sign * comparison.getInterval().getLow(),
                sign * comparison.getInterval().getHigh());
        double high = Math.max(
                sign * comparison.getInterval().getLow(),
                sign * comparison.getInterval().getHigh());
        boolean isHeld = comparison.getMetric().equals(compared.key()) && low > bound(); // false where it is NaN
        String value = String.format(
                Locale.ROOT,
                "lead %s (95 %%: %s to %s, p = %.3f), %s against %s of %s on the same %,d rows; %s, because %s",
                Words.lead(sign * comparison.getDifference()),
                Words.lead(low),
                Words.lead(high),
                comparison.getPValue(),
                Words.number(comparison.getValue()),
                Words.number(comparison.getOtherValue()),
                comparison.getOther(),
                made.getRowCount(),
                made.getWay().equals("repeated") ? "repeated in the same folds" : "scored by its package",
                made.getReason());
        return new GateResult(name, isHeld, value, expectation("lead surely above " + Words.number(bound())));
    }

    private String expectation(String bound) {
        return "%s: %s".formatted(rule == Rule.SUPERIORITY ? "superiority" : "non-inferiority", bound);
    }

    private GateResult byMetrics(String name, Metric compared, Evaluation own, ModelVersion champion) {
        double value = GateCase.metric(own, compared);
        Evaluation other = champion.manifest().getEvaluation();
        double theirs = GateCase.metric(other, compared);
        double lead = compared.isHigherBetter() ? value - theirs : theirs - value;
        double error = standardErrors == 0 ? 0 : standardErrors * standardError(own, other, compared);
        // Both are false where anything was not measured.
        boolean isHeld = rule == Rule.SUPERIORITY ? lead > 0 && lead >= margin && lead > error : lead - error > -margin;
        double bound = rule == Rule.SUPERIORITY ? Math.max(margin, error) : error - margin;
        return new GateResult(
                name,
                isHeld,
                "lead %s, %s against %s of %s@%d, by the metrics of two trainings, because %s"
                        .formatted(
                                Words.lead(lead),
                                Words.number(value),
                                Words.number(theirs),
                                champion.model(),
                                champion.version(),
                                own.getChampion().getReason()),
                expectation("lead above " + Words.number(bound)));
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
