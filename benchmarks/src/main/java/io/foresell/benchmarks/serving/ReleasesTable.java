package io.foresell.benchmarks.serving;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.foresell.benchmarks.load.LoadResult;
import io.foresell.benchmarks.load.Schedule;
import io.foresell.benchmarks.release.ReleaseHistory;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What releases cost callers. Latency is that of the turns that count; a call that failed counts whenever it did.
 *
 * @param rowCount of a call
 * @param stretch the load of each stretch
 */
record ReleasesTable(
        CalmTurns<Stretches> turns,
        ReleaseHistory history,
        int rowCount,
        Schedule stretch,
        double everySeconds,
        double maxStolenPercent) {
    /** One stretch without releases and one with them. */
    record Stretches(LoadResult steady, LoadResult changing, int releasedCount, double residentMib) {}

    String render() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%d rounds of %.0f s each way at %.0f calls/s; the host took %s %% of the time%n",
                turns.kept().size(),
                stretch.duration().toMillis() / 1e3,
                stretch.callsPerSecond(),
                Spread.of(turns.kept().stream()
                                .mapToDouble(CalmTurns.Turn::stolenPercent)
                                .toArray())
                        .shown(1)));
        if (!turns.leftOut().isEmpty()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%d more rounds left out: the host took above %.0f %% of the time in some, so the least disturbed count%n",
                    turns.leftOut().size(),
                    maxStolenPercent));
        }
        line(text, "", "answered", "failed", "p50 us", "p99 us", "p99.9 us", "longest ms");
        row(text, "steady", Stretches::steady);
        row(text, "a version every %s s".formatted(everySeconds), Stretches::changing);
        text.append(String.format(
                Locale.ROOT,
                "p99 %s x steady; %d versions released, %d answered; of %d answers of %d rows %d violate history, %d are"
                        + " mixed; memory %s MiB%n%s",
                p99Ratio().shown(2),
                all().mapToInt(Stretches::releasedCount).sum(),
                history.answeredRevisionCount(),
                history.counts().answers(),
                rowCount,
                history.counts().violations(),
                history.counts().mixed(),
                spread(Stretches::residentMib).shown(0),
                history.firstFault().isEmpty() ? "" : "first: %s%n".formatted(history.firstFault())));
        all().flatMap(each -> Stream.of(each.steady(), each.changing()))
                .filter(each -> failed(each) > 0)
                .findFirst()
                .ifPresent(each -> text.append(String.format(
                        Locale.ROOT,
                        "first stretch with failures: %d failed, %d refused, %d not sent; %s%n",
                        each.failedCount(),
                        each.refusedCount(),
                        each.unsentCount(),
                        each.firstFailure())));
        return text.toString();
    }

    private Stream<Stretches> kept() {
        return turns.kept().stream().map(CalmTurns.Turn::found);
    }

    private Stream<Stretches> all() {
        return Stream.concat(kept(), turns.leftOut().stream().map(CalmTurns.Turn::found));
    }

    private void row(StringBuilder text, String name, Function<Stretches, LoadResult> part) {
        line(
                text,
                name,
                Long.toString(all().mapToLong(each -> part.apply(each).answeredCount())
                        .sum()),
                Long.toString(all().mapToLong(each -> failed(part.apply(each))).sum()),
                spread(each -> part.apply(each).latencies().p50Nanos() / 1e3).shown(0),
                spread(each -> part.apply(each).latencies().p99Nanos() / 1e3).shown(0),
                spread(each -> part.apply(each).latencies().p999Nanos() / 1e3).shown(0),
                spread(each -> part.apply(each).latencies().maxNanos() / 1e6).shown(0));
    }

    private static void line(StringBuilder text, String name, String... cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-24s", name));
        for (String cell : cells) {
            line.append(String.format(Locale.ROOT, " %22s", cell));
        }
        text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }

    private static long failed(LoadResult each) {
        return each.failedCount() + each.refusedCount() + each.unsentCount();
    }

    private Spread p99Ratio() {
        return spread(each -> each.changing().latencies().p99Nanos()
                / (double) Math.max(1, each.steady().latencies().p99Nanos()));
    }

    private Spread spread(ToDoubleFunction<Stretches> value) {
        return Spread.of(kept().mapToDouble(value).toArray());
    }

    String json() {
        JsonObject json = new JsonObject();
        json.addProperty("calls_per_second", stretch.callsPerSecond());
        json.addProperty("seconds", stretch.duration().toMillis() / 1e3);
        json.addProperty("every_seconds", everySeconds);
        json.addProperty(
                "failed",
                all().mapToLong(each -> failed(each.steady()) + failed(each.changing()))
                        .sum());
        json.addProperty("answers", history.counts().answers());
        json.addProperty("history_violations", history.counts().violations());
        json.addProperty("mixed_answers", history.counts().mixed());
        json.addProperty("first_fault", history.firstFault());
        json.addProperty("versions_answered", history.answeredRevisionCount());
        json.addProperty("p99_of_steady_median", p99Ratio().median());
        json.add("rounds", json(turns.kept()));
        json.add("rounds_left_out", json(turns.leftOut()));
        return new GsonBuilder().setPrettyPrinting().create().toJson(json) + System.lineSeparator();
    }

    private static JsonArray json(List<CalmTurns.Turn<Stretches>> turns) {
        JsonArray all = new JsonArray();
        for (CalmTurns.Turn<Stretches> turn : turns) {
            JsonObject json = new JsonObject();
            json.add("steady", ServingTable.json(turn.found().steady()));
            json.add("changing", ServingTable.json(turn.found().changing()));
            json.addProperty("released", turn.found().releasedCount());
            json.addProperty("resident_mib", turn.found().residentMib());
            json.addProperty("stolen_percent", turn.stolenPercent());
            all.add(json);
        }
        return all;
    }
}
