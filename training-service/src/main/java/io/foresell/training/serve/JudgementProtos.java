package io.foresell.training.serve;

import io.foresell.proto.registry.v1.ChampionComparison;
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
        from.comparisons().forEach(comparison -> message.addComparisons(comparison(comparison)));
        Judged.ChampionComparison champion = from.champion();
        if (champion != null) {
            ChampionComparison.Builder wire = ChampionComparison.newBuilder()
                    .setVersion(champion.version())
                    .setWay(champion.way())
                    .setReason(champion.reason())
                    .setRowCount(champion.rowCount());
            Judged.Comparison comparison = champion.comparison();
            if (comparison != null) {
                wire.setComparison(comparison(comparison));
            }
            message.setChampion(wire);
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
        from.getComparisonsList().forEach(comparison -> message.addComparisons(comparison(comparison)));
        if (from.hasChampion()) {
            io.foresell.model.manifest.ChampionComparison champion = from.getChampion();
            ChampionComparison.Builder wire = ChampionComparison.newBuilder()
                    .setVersion(champion.getVersion())
                    .setWay(champion.getWay())
                    .setReason(champion.getReason())
                    .setRowCount(champion.getRowCount());
            if (champion.hasComparison()) {
                wire.setComparison(comparison(champion.getComparison()));
            }
            message.setChampion(wire);
        }
        if (from.hasDecision()) {
            message.setDecision(decision(from.getDecision()));
        }
    }

    private static MetricComparison comparison(Judged.Comparison from) {
        return MetricComparison.newBuilder()
                .setOther(from.other())
                .setMetric(from.metric())
                .setValue(from.value())
                .setOtherValue(from.otherValue())
                .setDifference(from.difference())
                .setInterval(interval(from.low(), from.high()))
                .setPValue(from.pValue())
                .setTest(from.test())
                .setSentence(from.sentence())
                .build();
    }

    private static MetricComparison comparison(io.foresell.model.manifest.MetricComparison from) {
        return MetricComparison.newBuilder()
                .setOther(from.getOther())
                .setMetric(from.getMetric())
                .setValue(from.getValue())
                .setOtherValue(from.getOtherValue())
                .setDifference(from.getDifference())
                .setInterval(
                        interval(from.getInterval().getLow(), from.getInterval().getHigh()))
                .setPValue(from.getPValue())
                .setTest(from.getTest())
                .setSentence(from.getSentence())
                .build();
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
