package io.foresell.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The runs of all rounds, shown as medians with their spread and as ratios to the first subject. */
final class Table {
    /** Both runs of one subject in one round. */
    record Round(LoadGenerator.Result saturated, LoadGenerator.Result atRate) {}

    private final Map<String, List<Round>> rounds = new LinkedHashMap<>();

    void add(String subject, Round round) {
        rounds.computeIfAbsent(subject, name -> new ArrayList<>()).add(round);
    }

    /** Returns the table as text; the ratio of a subject is the median of its ratios to the first subject in the same round. */
    String render(double rate) {
        StringBuilder text = new StringBuilder();
        text.append("%-24s %24s %8s   %20s %20s %8s %7s%n"
                .formatted(
                        "",
                        "calls/s saturated",
                        "of echo",
                        "p50 us at %.0f/s".formatted(rate),
                        "p99 us",
                        "p99 x",
                        "failed"));
        List<Round> first = rounds.values().iterator().next();
        rounds.forEach((name, runs) -> text.append("%-24s %24s %8.3f   %20s %20s %8.2f %7d%n"
                .formatted(
                        name,
                        spread(runs, round -> round.saturated().callsPerSecond()),
                        ratio(runs, first, round -> round.saturated().callsPerSecond()),
                        spread(runs, round -> round.atRate().p50Nanos() / 1e3),
                        spread(runs, round -> round.atRate().p99Nanos() / 1e3),
                        ratio(runs, first, round -> round.atRate().p99Nanos()),
                        runs.stream()
                                .mapToLong(round -> round.saturated().failedCount()
                                        + round.atRate().failedCount())
                                .sum())));
        return text.toString();
    }

    private static String spread(List<Round> runs, ToDoubleFunction<Round> value) {
        double[] sorted = runs.stream().mapToDouble(value).sorted().toArray();
        return "%.0f (%.0f..%.0f)".formatted(median(sorted), sorted[0], sorted[sorted.length - 1]);
    }

    private static double ratio(List<Round> runs, List<Round> first, ToDoubleFunction<Round> value) {
        double[] ratios = new double[runs.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = value.applyAsDouble(runs.get(i)) / value.applyAsDouble(first.get(i));
        }
        return median(ratios);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
