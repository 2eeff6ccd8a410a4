package io.foresell.benchmarks.soak;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.foresell.benchmarks.load.LoadResult;
import io.foresell.benchmarks.serving.ServingTable;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a soak showed as text and as JSON: where each thing goes, and what became of the calls. */
final class SoakTable {
    private final LoadResult load;
    private final Map<String, CallMix.Counted> calls;
    private final List<Series> series;
    private final int releasedCount;
    private final long loggedCount;

    SoakTable(
            LoadResult load,
            Map<String, CallMix.Counted> calls,
            List<Series> series,
            int releasedCount,
            long loggedCount) {
        this.load = load;
        this.calls = calls;
        this.series = series;
        this.releasedCount = releasedCount;
        this.loggedCount = loggedCount;
    }

    String render() {
        StringBuilder text = new StringBuilder();
        line(text, "held", "process", "mean", "growth in last 80 %", "of no account", "");
        for (Series one : series) {
            Trend trend = one.trend();
            double tolerated = one.held().tolerated(trend.level());
            line(
                    text,
                    one.held().title(),
                    one.process(),
                    number(trend.level()),
                    "%s (%s..%s)".formatted(number(trend.growth()), number(trend.low()), number(trend.high())),
                    number(tolerated),
                    trend.verdict(tolerated).name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
        text.append(System.lineSeparator());
        line(text, "calls", "answered", "refused", "failed", "", "");
        calls.forEach((name, counted) -> line(
                text,
                name,
                Long.toString(counted.answered()),
                Long.toString(counted.refused()),
                Long.toString(counted.failed()),
                counted.firstFailure(),
                ""));
        text.append(String.format(
                Locale.ROOT,
                "%.0f calls/s, p50 %.1f ms, p99 %.1f ms, unsent %d; %d versions released; %d predictions logged%n",
                load.sentPerSecond(),
                load.latencies().p50Nanos() / 1e6,
                load.latencies().p99Nanos() / 1e6,
                load.unsentCount(),
                releasedCount,
                loggedCount));
        return text.toString();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.1f", value);
    }

    private static void line(StringBuilder text, String name, String... cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-30s", name));
        for (String cell : cells) {
            line.append(String.format(Locale.ROOT, " %22s", cell));
        }
        text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }

    String json() {
        JsonObject json = new JsonObject();
        JsonArray trends = new JsonArray();
        for (Series one : series) {
            trends.add(json(one));
        }
        json.add("held", trends);
        JsonObject kinds = new JsonObject();
        calls.forEach((name, counted) -> {
            JsonObject kind = new JsonObject();
            kind.addProperty("answered", counted.answered());
            kind.addProperty("refused", counted.refused());
            kind.addProperty("failed", counted.failed());
            kind.addProperty("first_failure", counted.firstFailure());
            kinds.add(name, kind);
        });
        json.add("calls", kinds);
        json.add("load", ServingTable.json(load));
        json.addProperty("released", releasedCount);
        json.addProperty("logged", loggedCount);
        return new GsonBuilder().setPrettyPrinting().create().toJson(json) + System.lineSeparator();
    }

    private static JsonObject json(Series one) {
        Trend trend = one.trend();
        JsonObject json = new JsonObject();
        json.addProperty("process", one.process());
        json.addProperty("held", one.held().title());
        put(json, "mean", trend.level());
        put(json, "growth", trend.growth());
        put(json, "growth_low", trend.low());
        put(json, "growth_high", trend.high());
        double tolerated = one.held().tolerated(trend.level());
        put(json, "tolerated", tolerated);
        json.addProperty("verdict", trend.verdict(tolerated).name());
        JsonArray samples = new JsonArray();
        for (int i = 0; i < one.size(); i++) {
            JsonArray sample = new JsonArray();
            sample.add(Math.round(one.second(i) * 100) / 100.0);
            sample.add(Math.round(one.value(i) * 1000) / 1000.0);
            samples.add(sample);
        }
        json.add("samples", samples);
        return json;
    }

    /** JSON has no word for what is not known. */
    private static void put(JsonObject json, String name, double value) {
        if (!Double.isNaN(value)) {
            json.addProperty(name, value);
        }
    }
}
