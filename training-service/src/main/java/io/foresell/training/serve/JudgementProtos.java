package io.foresell.training.serve;

import io.foresell.proto.registry.v1.ChampionComparison;
import io.foresell.proto.registry.v1.Decision;
import io.foresell.proto.registry.v1.Evaluation;
import io.foresell.proto.registry.v1.MetricComparison;
import io.foresell.proto.registry.v1.MetricInterval;
import io.foresell.training.run.JudgementMessages;

/** Intervals, comparisons and decisions on the wire: those of a manifest, which an evaluation is written as first. */
final class JudgementProtos {
    private JudgementProtos() {}

    static void addOfEvaluation(io.foresell.training.evaluate.Evaluation from, Evaluation.Builder message) {
        io.foresell.model.manifest.Evaluation.Builder manifest = io.foresell.model.manifest.Evaluation.newBuilder();
        JudgementMessages.add(from, manifest);
        addOfManifest(manifest.build(), message);
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
