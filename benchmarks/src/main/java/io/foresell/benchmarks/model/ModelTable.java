package io.foresell.benchmarks.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The rounds of all subjects as one Markdown table: medians with their spread, and whether targets are met. */
final class ModelTable {
    private static final String HEADER =
            """
            | question | subject | ns a row | cpu ns a row | B a row | times as fast as | target |
            |---|---|---|---|---|---|---|
            """;

    private final ToDoubleFunction<Measured> clock;
    private final Map<Subject, List<Measured>> rounds = new LinkedHashMap<>();

    /** Compares by this time. */
    ModelTable(ToDoubleFunction<Measured> clock) {
        this.clock = clock;
    }

    void add(Subject subject, Measured measured) {
        rounds.computeIfAbsent(subject, key -> new ArrayList<>()).add(measured);
    }

    String render() {
        StringBuilder text = new StringBuilder(HEADER);
        rounds.forEach((subject, runs) -> text.append("| %s | %s | %s | %s | %s | %s | %s |%n"
                .formatted(
                        subject.group(),
                        subject.name(),
                        spread(values(runs, Measured::nanos)),
                        spread(values(runs, Measured::cpuNanos)),
                        bytes(values(runs, Measured::bytes)),
                        rivals(subject),
                        verdicts(subject))));
        return text.toString();
    }

    /** Returns the ratio of a subject with targets to every other one of its group. */
    private String rivals(Subject subject) {
        return subject.targets().isEmpty()
                ? ""
                : rounds.keySet().stream()
                        .filter(other -> other.group().equals(subject.group()) && !other.equals(subject))
                        .map(other -> other.name() + " " + spread(ratios(subject, other)))
                        .collect(Collectors.joining("; "));
    }

    /** Round by round, as both were measured within minutes of each other. */
    private double[] ratios(Subject subject, Subject rival) {
        double[] own = values(runs(subject), clock);
        double[] others = values(runs(rival), clock);
        double[] ratios = new double[Math.min(own.length, others.length)];
        Arrays.setAll(ratios, round -> others[round] / own[round]);
        return ratios;
    }

    private List<Measured> runs(Subject subject) {
        return rounds.getOrDefault(subject, List.of());
    }

    private String verdicts(Subject subject) {
        return subject.targets().stream()
                .map(target -> verdict(subject, target))
                .collect(Collectors.joining("; "));
    }

    private String verdict(Subject subject, Subject.Target target) {
        if (target instanceof Subject.AtMost most) {
            double nanos = median(values(runs(subject), clock));
            return "at most %s: %s".formatted(number(most.nanos()), nanos <= most.nanos() ? "met" : "MISSED");
        }
        Subject.Faster faster = (Subject.Faster) target;
        double ratio = rounds.keySet().stream()
                .filter(other ->
                        other.group().equals(subject.group()) && other.name().equals(faster.rival()))
                .mapToDouble(other -> median(ratios(subject, other)))
                .findFirst()
                .orElse(Double.NaN);
        String verdict = Double.isNaN(ratio) ? "not measured" : ratio >= faster.times() ? "met" : "MISSED";
        return "%s x %s: %s".formatted(number(faster.times()), faster.rival(), verdict);
    }

    private static double[] values(List<Measured> runs, ToDoubleFunction<Measured> value) {
        return runs.stream().mapToDouble(value).toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String spread(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return "%s (%s..%s)".formatted(number(median(sorted)), number(sorted[0]), number(sorted[sorted.length - 1]));
    }

    /** The harness itself allocates a little per iteration, so a fraction of a byte a row is none. */
    private static String bytes(double[] values) {
        double most = Arrays.stream(values).max().orElse(Double.NaN);
        return most < 1 ? "0" : number(median(values));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }
}
