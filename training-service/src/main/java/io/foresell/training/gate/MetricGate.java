package io.foresell.training.gate;

import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.registry.GateResult;

/**
 * Holds when a metric is at least as good as the limit. A metric that was not measured does not hold.
 *
 * @param prefix goes before the metric's key in the judgement: empty for all rows, {@link Evaluation#WORST_SLICE} for the worst slice
 * @param limit the worst value allowed
 */
public record MetricGate(String prefix, Metric metric, double limit) implements Gate {
    @Override
    public GateResult judge(GateCase judged) {
        String key = prefix + metric.key();
        double value = judged.evaluation().getMetricsOrDefault(key, Double.NaN);
        boolean isHeld = metric.isHigherBetter() ? value >= limit : value <= limit;
        return new GateResult(
                key,
                isHeld,
                Double.isNaN(value) ? "not measured" : Words.number(value),
                (metric.isHigherBetter() ? "at least " : "at most ") + Words.number(limit));
    }
}
