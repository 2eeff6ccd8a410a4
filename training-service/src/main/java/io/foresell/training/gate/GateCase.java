package io.foresell.training.gate;

import io.foresell.model.manifest.Evaluation;
import io.foresell.model.manifest.Manifest;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.registry.ModelVersion;
import java.util.Optional;
import java.util.function.Function;

/**
 * What gates look at.
 *
 * @param manifest of the candidate, with its judgement
 * @param ranking what ranks the candidates of the spec
 * @param p99Micros 99th percentile of scoring one row, in microseconds
 * @param champion finds the version that an alias, a number or nothing stands for
 */
public record GateCase(
        Manifest manifest, Metric ranking, double p99Micros, Function<String, Optional<ModelVersion>> champion) {
    Evaluation evaluation() {
        return manifest.getEvaluation();
    }

    /** Returns a metric of a judgement; NaN when it was not measured. */
    static double metric(Evaluation evaluation, Metric metric) {
        return evaluation.getMetricsOrDefault(metric.key(), Double.NaN);
    }
}
