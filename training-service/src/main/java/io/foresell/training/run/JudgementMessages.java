package io.foresell.training.run;

import io.foresell.model.manifest.ChampionComparison;
import io.foresell.model.manifest.Decision;
import io.foresell.model.manifest.Evaluation;
import io.foresell.model.manifest.MetricComparison;
import io.foresell.model.manifest.MetricInterval;
import io.foresell.training.evaluate.Judged;

/** Writes intervals, comparisons and the decision of an evaluation as a manifest has them; whoever else tells them begins from that. */
public final class JudgementMessages {
    private JudgementMessages() {}

    /** Adds them to an evaluation of a manifest. */
    public static void add(io.foresell.training.evaluate.Evaluation from, Evaluation.Builder to) {
        from.metricIntervals()
                .forEach(
                        (metric, interval) -> to.putMetricIntervals(metric, interval(interval.low(), interval.high())));
        from.comparisons().forEach(comparison -> to.addComparisons(comparison(comparison)));
        Judged.ChampionComparison champion = from.champion();
        if (champion != null) {
            to.setChampion(champion(champion));
        }
        Judged.Decision decision = from.decision();
        if (decision != null) {
            to.setDecision(decision(decision));
        }
    }

    private static ChampionComparison champion(Judged.ChampionComparison champion) {
        ChampionComparison.Builder message = ChampionComparison.newBuilder()
                .setVersion(champion.version())
                .setWay(champion.way())
                .setReason(champion.reason())
                .setRowCount(champion.rowCount());
        Judged.Comparison comparison = champion.comparison();
        if (comparison != null) {
            message.setComparison(comparison(comparison));
        }
        return message.build();
    }

    private static Decision decision(Judged.Decision decision) {
        Decision.Builder message = Decision.newBuilder()
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
            message.setProfitPerThousand(profit).setProfitInterval(interval(low, high));
        }
        return message.build();
    }

    private static MetricComparison comparison(Judged.Comparison comparison) {
        return MetricComparison.newBuilder()
                .setOther(comparison.other())
                .setMetric(comparison.metric())
                .setValue(comparison.value())
                .setOtherValue(comparison.otherValue())
                .setDifference(comparison.difference())
                .setInterval(interval(comparison.low(), comparison.high()))
                .setPValue(comparison.pValue())
                .setTest(comparison.test())
                .setSentence(comparison.sentence())
                .build();
    }

    private static MetricInterval interval(double low, double high) {
        return MetricInterval.newBuilder().setLow(low).setHigh(high).build();
    }
}
