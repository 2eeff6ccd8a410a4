package io.foresell.training.serve;

import io.foresell.proto.registry.v1.Decision;
import io.foresell.proto.registry.v1.Evaluation;
import io.foresell.proto.registry.v1.MetricComparison;
import io.foresell.proto.registry.v1.MetricInterval;
import io.foresell.training.evaluate.Judged;

/** Intervals, comparisons and decisions on the wire. */
final class JudgementProtos {
    private JudgementProtos() {}

    static void addOfEvaluation(io.foresell.training.evaluate.Evaluation from, Evaluation.Builder message) {
        from.metricIntervals()
                .forEach((metric, interval) ->
                        message.putMetricIntervals(metric, interval(interval.low(), interval.high())));
        for (Judged.Comparison comparison : from.comparisons()) {
            message.addComparisons(MetricComparison.newBuilder()
                    .setOther(comparison.other())
                    .setMetric(comparison.metric())
                    .setValue(comparison.value())
                    .setOtherValue(comparison.otherValue())
                    .setDifference(comparison.difference())
                    .setInterval(interval(comparison.low(), comparison.high()))
                    .setPValue(comparison.pValue())
                    .setTest(comparison.test())
                    .setSentence(comparison.sentence()));
        }
        Judged.Decision decision = from.decision();
        if (decision != null) {
            Decision.Builder wire = Decision.newBuilder()
                    .setThreshold(decision.threshold())
                    .setRule(decision.rule())
                    .setActedShare(decision.actedShare())
                    .setPrecision(decision.precision())
                    .setRecall(decision.recall())
                    .setCurrency(decision.currency())
                    .setSentence(decision.sentence());
            Double profit = decision.profitPerThousand();
            Double low = decision.low();
            Double high = decision.high();
            if (profit != null && low != null && high != null) {
                wire.setProfitPerThousand(profit).setProfitInterval(interval(low, high));
            }
            message.setDecision(wire);
        }
    }

    static void addOfManifest(io.foresell.model.manifest.Evaluation from, Evaluation.Builder message) {
        from.getMetricIntervalsMap()
                .forEach((metric, interval) ->
                        message.putMetricIntervals(metric, interval(interval.getLow(), interval.getHigh())));
        for (io.foresell.model.manifest.MetricComparison comparison : from.getComparisonsList()) {
            message.addComparisons(MetricComparison.newBuilder()
                    .setOther(comparison.getOther())
                    .setMetric(comparison.getMetric())
                    .setValue(comparison.getValue())
                    .setOtherValue(comparison.getOtherValue())
                    .setDifference(comparison.getDifference())
                    .setInterval(interval(
                            comparison.getInterval().getLow(),
                            comparison.getInterval().getHigh()))
                    .setPValue(comparison.getPValue())
                    .setTest(comparison.getTest())
                    .setSentence(comparison.getSentence()));
        }
        if (from.hasDecision()) {
            message.setDecision(decision(from.getDecision()));
        }
    }

    private static Decision decision(io.foresell.model.manifest.Decision from) {
        Decision.Builder wire = Decision.newBuilder()
                .setThreshold(from.getThreshold())
                .setRule(from.getRule())
                .setActedShare(from.getActedShare())
                .setPrecision(from.getPrecision())
                .setRecall(from.getRecall())
                .setCurrency(from.getCurrency())
                .setSentence(from.getSentence());
        if (from.hasProfitPerThousand()) {
            wire.setProfitPerThousand(from.getProfitPerThousand())
                    .setProfitInterval(interval(
                            from.getProfitInterval().getLow(),
                            from.getProfitInterval().getHigh()));
        }
        return wire.build();
    }

    private static MetricInterval interval(double low, double high) {
        return MetricInterval.newBuilder().setLow(low).setHigh(high).build();
    }
}
