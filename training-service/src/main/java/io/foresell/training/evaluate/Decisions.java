package io.foresell.training.evaluate;

import io.foresell.training.evaluate.Judged.Decision;
import io.foresell.training.evaluate.Judged.ThresholdRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What acting from a threshold on would bring on the judged rows, and which threshold costs or capacity choose. */
final class Decisions {
    private static final int STEPS = 20;
    private static final double Z = 1.959964;

    private final boolean[] labels;
    private final double[] answers;
    private final @Nullable Payoff payoff;
    private final @Nullable Capacity capacity;

    Decisions(boolean[] labels, double[] answers, @Nullable Payoff payoff, @Nullable Capacity capacity) {
        this.labels = labels;
        this.answers = answers;
        this.payoff = payoff;
        this.capacity = capacity;
    }

    List<ThresholdRow> table() {
        List<ThresholdRow> rows = new ArrayList<>();
        for (int step = 1; step < STEPS; step++) {
            rows.add(row(step / (double) STEPS));
        }
        return rows;
    }

    private ThresholdRow row(double threshold) {
        double acted = 0;
        double found = 0;
        double positives = 0;
        double profit = 0;
        for (int i = 0; i < answers.length; i++) {
            boolean isActedOn = answers[i] >= threshold;
            acted += isActedOn ? 1 : 0;
            positives += labels[i] ? 1 : 0;
            found += isActedOn && labels[i] ? 1 : 0;
            profit += payoff == null ? 0 : payoff.of(isActedOn, labels[i]);
        }
        return new ThresholdRow(
                threshold,
                acted / answers.length,
                acted == 0 ? Double.NaN : found / acted,
                positives == 0 ? Double.NaN : found / positives,
                acted + positives == 0 ? Double.NaN : 2 * found / (acted + positives),
                payoff == null ? null : 1000 * profit / answers.length);
    }

    /** Returns the threshold that costs or capacity choose; null when neither was declared. */
    @Nullable
    Decision decision() {
        if (payoff == null && capacity == null) {
            return null;
        }
        double byCosts = payoff == null ? 0 : payoff.threshold();
        double byCapacity = capacity == null ? 0 : answerOfTop(capacity.share(answers.length));
        double threshold = Math.max(byCosts, byCapacity);
        String rule = byCapacity > byCosts ? "capacity" : "costs";
        ThresholdRow row = row(threshold);
        Profit profit = profit(threshold);
        ThresholdRow best = payoff == null ? null : best();
        return new Decision(
                threshold,
                rule,
                row.actedShare(),
                row.precision(),
                row.recall(),
                row.profitPerThousand(),
                payoff == null ? null : profit.mean() - Z * profit.error(),
                payoff == null ? null : profit.mean() + Z * profit.error(),
                best == null ? null : best.threshold(),
                best == null ? null : best.profitPerThousand(),
                payoff == null ? "" : payoff.currency(),
                sentence(threshold, rule, row, profit));
    }

    private String sentence(double threshold, String rule, ThresholdRow row, Profit profit) {
        String acting = String.format(
                Locale.ROOT,
                "Acting from a probability of %.3f on (%s) takes %.1f %% of the rows, %.1f %% of them rightly, and finds %.1f %% of"
                        + " the positives",
                threshold,
                rule,
                100 * row.actedShare(),
                100 * row.precision(),
                100 * row.recall());
        if (payoff == null) {
            return acting + ".";
        }
        return acting
                + String.format(
                        Locale.ROOT,
                        "; per 1,000 rows that brings %s (95 %%: %s to %s), acting on all %s, on none %s.",
                        money(profit.mean()),
                        money(profit.mean() - Z * profit.error()),
                        money(profit.mean() + Z * profit.error()),
                        money(profit(Double.NEGATIVE_INFINITY).mean()),
                        money(profit(Double.POSITIVE_INFINITY).mean()));
    }

    private String money(double amount) {
        String currency = payoff == null || payoff.currency().isEmpty() ? "" : " " + payoff.currency();
        return String.format(Locale.ROOT, "%,.0f%s", amount, currency);
    }

    /** Per 1,000 rows, with the standard error. */
    private record Profit(double mean, double error) {}

    private Profit profit(double threshold) {
        if (payoff == null) {
            return new Profit(Double.NaN, Double.NaN);
        }
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < answers.length; i++) {
            double value = payoff.of(answers[i] >= threshold, labels[i]);
            sum += value;
            squares += value * value;
        }
        double mean = sum / answers.length;
        double variance = Math.max(0, squares / answers.length - mean * mean);
        return new Profit(1000 * mean, 1000 * Math.sqrt(variance / answers.length));
    }

    /** Returns the least answer among the top share of rows; ties at the cut stay out, so that capacity is never exceeded. */
    private double answerOfTop(double share) {
        double[] sorted = answers.clone();
        Arrays.sort(sorted);
        int count = (int) Math.floor(share * sorted.length + 1e-9);
        int cut = sorted.length - Math.max(1, count);
        if (count >= sorted.length) {
            return 0;
        }
        if (cut > 0 && sorted[cut - 1] == sorted[cut]) {
            int above = cut;
            while (above < sorted.length && sorted[above] == sorted[cut]) {
                above++;
            }
            return above == sorted.length ? sorted[cut] : sorted[above];
        }
        return sorted[cut];
    }

    /** Returns the threshold that would have brought most on these very rows: what an overly exact choice would find. */
    private ThresholdRow best() {
        int[] order = Ranking.falling(answers);
        double profit = 0;
        for (boolean label : labels) {
            profit += worth(false, label);
        }
        double most = profit;
        double threshold = 1;
        for (int i = 0; i < order.length; i++) {
            profit += worth(true, labels[order[i]]) - worth(false, labels[order[i]]);
            boolean isLastOfTie = i + 1 == order.length || answers[order[i + 1]] != answers[order[i]];
            if (isLastOfTie && profit > most) {
                most = profit;
                threshold = answers[order[i]];
            }
        }
        return row(threshold);
    }

    private double worth(boolean isActedOn, boolean isPositive) {
        return payoff == null ? 0 : payoff.of(isActedOn, isPositive);
    }
}
