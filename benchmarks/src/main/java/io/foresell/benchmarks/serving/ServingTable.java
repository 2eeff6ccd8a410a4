package io.foresell.benchmarks.serving;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.foresell.benchmarks.load.LoadResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The rounds of all subjects as text and as JSON: medians with their spread, ratios taken within a round. */
public final class ServingTable {
    private static final double MICROS = 1e3; // nanoseconds
    private static final double MILLIS = 1e6; // nanoseconds

    private record Row(@Nullable String baseline, int concurrency, List<Round> rounds) {}

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private int disturbedCount;
    private double maxStolenPercent = 100;

    /** Adds a row, with the calls in flight that saturate it. */
    void add(Contender contender, int concurrency) {
        String baseline =
                contender.baseline() == null ? null : contender.baseline().name();
        rows.put(contender.subject().name(), new Row(baseline, concurrency, new ArrayList<>()));
    }

    void add(Contender contender, Round round) {
        row(contender.subject().name()).rounds().add(round);
    }

    /** Says how many rounds were left out, because the machine's host gave more than so many percent of the time to others. */
    void disturbed(int roundCount, double morePercent) {
        disturbedCount = roundCount;
        maxStolenPercent = morePercent;
    }

    /** Returns how many rounds were left out. */
    int disturbedCount() {
        return disturbedCount;
    }

    private Row row(String name) {
        Row row = rows.get(name);
        if (row == null) {
            throw new IllegalStateException("no row '%s'".formatted(name));
        }
        return row;
    }

    /** Returns the tables as text. */
    String render() {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "",
                "in flight",
                "calls/s saturated",
                "of baseline",
                "p50 us at half",
                "p99 us at half",
                "p99 x baseline",
                "send lag p99 us",
                "cpu us a call",
                "stolen %",
                "failed");
        rows.forEach((name, row) -> line(
                text,
                name,
                Integer.toString(row.concurrency()),
                saturated(row).shown(0),
                throughputRatio(row).shown(3),
                spread(row, round -> round.half().latencies().p50Nanos() / MICROS)
                        .shown(0),
                spread(row, round -> round.half().latencies().p99Nanos() / MICROS)
                        .shown(0),
                latencyRatio(row).shown(2),
                spread(row, round -> round.half().sendLagP99Nanos() / MICROS).shown(0),
                spread(row, Round::cpuMicros).shown(0),
                spread(row, Round::stolenPercent).shown(1),
                Long.toString(failed(row))));
        boolean hasOverload = rows.values().stream()
                .flatMap(row -> row.rounds().stream())
                .anyMatch(round -> round.overload() != null);
        if (hasOverload) {
            renderOverload(text);
        }
        renderFailures(text);
        if (disturbedCount > 0) {
            text.append(
                    "%d more rounds left out: the host took above %.0f %% of the time in some, so the least disturbed count%n"
                            .formatted(disturbedCount, maxStolenPercent));
        }
        return text.toString();
    }

    private void renderOverload(StringBuilder text) {
        text.append(System.lineSeparator());
        line(
                text,
                "at twice the saturated rate",
                "sent/s",
                "answered/s",
                "of saturated",
                "refused %",
                "refusal p50 ms",
                "refusal p99 ms",
                "answer p99 ms",
                "normal after s",
                "MiB before",
                "MiB after");
        rows.forEach((name, row) -> line(
                text,
                name,
                overload(row, over -> over.load().sentPerSecond()).shown(0),
                overload(row, over -> over.load().answeredPerSecond()).shown(0),
                goodput(row).shown(2),
                overload(row, over -> 100 * over.load().refusedShare()).shown(0),
                overload(row, over -> over.load().refusals().p50Nanos() / MILLIS)
                        .shown(1),
                overload(row, over -> over.load().refusals().p99Nanos() / MILLIS)
                        .shown(1),
                overload(row, over -> over.load().latencies().p99Nanos() / MILLIS)
                        .shown(1),
                overload(row, Overload::recoverySeconds).shown(2),
                overload(row, Overload::residentBeforeMib).shown(0),
                overload(row, Overload::residentAfterMib).shown(0)));
    }

    private void renderFailures(StringBuilder text) {
        rows.forEach((name, row) -> row.rounds().stream()
                .map(Round::firstFailure)
                .filter(failure -> !failure.isEmpty())
                .findFirst()
                .ifPresent(failure -> text.append("%s failed first by: %s%n".formatted(name, failure))));
    }

    private static void line(StringBuilder text, String name, String... cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-28s", name));
        for (String cell : cells) {
            line.append(String.format(Locale.ROOT, " %22s", cell));
        }
        text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }

    /** Returns every round and the medians by subject. */
    JsonObject json() {
        JsonObject subjects = new JsonObject();
        rows.forEach((name, row) -> {
            JsonObject subject = new JsonObject();
            subject.addProperty("baseline", row.baseline() == null ? "" : row.baseline());
            subject.addProperty("in_flight", row.concurrency());
            put(subject, "saturated_calls_per_second", saturated(row));
            put(subject, "saturated_of_baseline", throughputRatio(row));
            put(subject, "p99_of_baseline_at_half", latencyRatio(row));
            put(subject, "goodput_of_saturated_at_double", goodput(row));
            subject.addProperty("failed", failed(row));
            JsonArray rounds = new JsonArray();
            row.rounds().forEach(round -> rounds.add(json(round)));
            subject.add("rounds", rounds);
            subjects.add(name, subject);
        });
        return subjects;
    }

    private static JsonObject json(Round round) {
        JsonObject json = new JsonObject();
        json.add("saturated", json(round.saturated()));
        json.add("half", json(round.half()));
        LoadResult baseline = round.baselineHalf();
        if (baseline != null) {
            json.add("baseline_at_half", json(baseline));
        }
        Overload overload = round.overload();
        if (overload != null) {
            json.add("double", json(overload.load()));
            json.add("after_double", json(overload.after()));
            if (Double.isFinite(overload.recoverySeconds())) {
                json.addProperty("normal_after_seconds", overload.recoverySeconds());
            }
            json.addProperty("resident_before_mib", overload.residentBeforeMib());
            json.addProperty("resident_after_mib", overload.residentAfterMib());
        }
        json.addProperty("cpu_micros_a_call", round.cpuMicros());
        json.addProperty("stolen_percent", round.stolenPercent());
        return json;
    }

    /** Returns one run as JSON. */
    public static JsonObject json(LoadResult run) {
        JsonObject json = new JsonObject();
        json.addProperty("offered_per_second", run.offeredPerSecond());
        json.addProperty("sent_per_second", run.sentPerSecond());
        json.addProperty("answered_per_second", run.answeredPerSecond());
        json.addProperty("answered", run.answeredCount());
        json.addProperty("refused", run.refusedCount());
        json.addProperty("failed", run.failedCount());
        json.addProperty("unsent", run.unsentCount());
        json.addProperty("p50_micros", run.latencies().p50Nanos() / MICROS);
        json.addProperty("p99_micros", run.latencies().p99Nanos() / MICROS);
        json.addProperty("p999_micros", run.latencies().p999Nanos() / MICROS);
        json.addProperty("max_micros", run.latencies().maxNanos() / MICROS);
        json.addProperty("refusal_p99_micros", run.refusals().p99Nanos() / MICROS);
        json.addProperty("send_lag_p99_micros", run.sendLagP99Nanos() / MICROS);
        json.addProperty("first_failure", run.firstFailure());
        return json;
    }

    private static void put(JsonObject json, String name, Spread spread) {
        if (!Double.isNaN(spread.median())) {
            JsonObject value = new JsonObject();
            value.addProperty("median", spread.median());
            value.addProperty("least", spread.least());
            value.addProperty("greatest", spread.greatest());
            json.add(name, value);
        }
    }

    private static Spread saturated(Row row) {
        return spread(row, round -> round.saturated().answeredPerSecond());
    }

    /** Returns the ratios of saturated rates to the baseline's in the same round. */
    private Spread throughputRatio(Row row) {
        if (row.baseline() == null) {
            return Spread.of();
        }
        List<Round> baseline = row(row.baseline()).rounds();
        double[] ratios = new double[Math.min(baseline.size(), row.rounds().size())];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = row.rounds().get(i).saturated().answeredPerSecond()
                    / baseline.get(i).saturated().answeredPerSecond();
        }
        return Spread.of(ratios);
    }

    private static Spread latencyRatio(Row row) {
        return Spread.of(row.rounds().stream()
                .filter(round -> round.baselineHalf() != null)
                .mapToDouble(round -> {
                    LoadResult baseline = round.baselineHalf();
                    return baseline == null
                            ? Double.NaN
                            : round.half().latencies().p99Nanos()
                                    / (double) Math.max(1, baseline.latencies().p99Nanos());
                })
                .toArray());
    }

    private static Spread goodput(Row row) {
        return Spread.of(row.rounds().stream()
                .filter(round -> round.overload() != null)
                .mapToDouble(round -> {
                    Overload overload = round.overload();
                    return overload == null
                            ? Double.NaN
                            : overload.load().answeredPerSecond()
                                    / round.saturated().answeredPerSecond();
                })
                .toArray());
    }

    private static Spread overload(Row row, ToDoubleFunction<Overload> value) {
        List<Double> values = new ArrayList<>();
        for (Round round : row.rounds()) {
            Overload overload = round.overload();
            if (overload != null) {
                values.add(value.applyAsDouble(overload));
            }
        }
        return Spread.of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static Spread spread(Row row, ToDoubleFunction<Round> value) {
        return Spread.of(row.rounds().stream().mapToDouble(value).toArray());
    }

    private static long failed(Row row) {
        return row.rounds().stream().mapToLong(Round::failedCount).sum();
    }
}
