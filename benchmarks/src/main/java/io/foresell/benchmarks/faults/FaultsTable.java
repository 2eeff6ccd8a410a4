package io.foresell.benchmarks.faults;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.foresell.benchmarks.load.LoadResult;
import io.foresell.benchmarks.release.ReleaseHistory;
import io.foresell.benchmarks.serving.ServingTable;
import io.foresell.benchmarks.serving.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The scenarios as text and as JSON: counts over all rounds, medians with their spread, ratios taken beside the steady stretches. */
final class FaultsTable {
    static final double MOST_P99_RATIO = 1.5;

    private final double callsPerSecond;
    private final double seconds;
    private final ReleaseHistory history;
    private final List<LoadResult> steady = new ArrayList<>();
    private final Map<String, List<Played>> played = new LinkedHashMap<>();

    FaultsTable(double callsPerSecond, double seconds, ReleaseHistory history) {
        this.callsPerSecond = callsPerSecond;
        this.seconds = seconds;
        this.history = history;
    }

    void addSteady(LoadResult stretch) {
        steady.add(stretch);
    }

    void add(Played once) {
        played.computeIfAbsent(once.scenario(), key -> new ArrayList<>()).add(once);
    }

    String render() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%d replicas at %.0f calls/s of 4 rows, steady stretches of %.1f s%n",
                Fleet.REPLICAS,
                callsPerSecond,
                seconds));
        line(
                text,
                "",
                "answered",
                "failed",
                "p50 us",
                "p99 us",
                "p99 x steady",
                "longest ms",
                "violations",
                "mixed",
                "");
        line(
                text,
                "steady",
                Long.toString(
                        steady.stream().mapToLong(LoadResult::answeredCount).sum()),
                Long.toString(steady.stream().mapToLong(FaultsTable::failed).sum()),
                spread(steady, stretch -> stretch.latencies().p50Nanos() / 1e3).shown(0),
                spread(steady, stretch -> stretch.latencies().p99Nanos() / 1e3).shown(0),
                "",
                spread(steady, stretch -> stretch.latencies().maxNanos() / 1e6).shown(0));
        played.forEach((name, times) -> line(
                text,
                name,
                Long.toString(sum(times, once -> once.load().answeredCount())),
                Long.toString(sum(times, Played::failedCount)),
                spread(times, once -> once.load().latencies().p50Nanos() / 1e3).shown(0),
                spread(times, once -> once.load().latencies().p99Nanos() / 1e3).shown(0),
                ratio(times).shown(2),
                spread(times, once -> once.load().latencies().maxNanos() / 1e6).shown(0),
                Long.toString(sum(times, once -> once.history().violations())),
                Long.toString(sum(times, once -> once.history().mixed())),
                verdict(times)));
        played.forEach((name, times) -> times.forEach(once -> {
            text.append("%s: %s%s%n".formatted(name, once.isShown() ? "" : "NOT SHOWN: ", once.evidence()));
            if (once.failedCount() > 0) {
                text.append(
                        "%s failed first by: %s%n".formatted(name, once.load().firstFailure()));
            }
        }));
        if (!history.firstFault().isEmpty()) {
            text.append("first fault of the history: %s%n".formatted(history.firstFault()));
        }
        return text.toString();
    }

    /** Returns whether all that must hold did: every call answered and rightly, the scenario to its end, and the median of p99. */
    private static String verdict(List<Played> times) {
        if (sum(times, Played::failedCount) > 0
                || sum(
                                times,
                                once -> once.history().violations()
                                        + once.history().mixed())
                        > 0
                || !times.stream().allMatch(Played::isShown)) {
            return "MISSED";
        }
        return ratio(times).median() <= MOST_P99_RATIO ? "met" : "met but p99";
    }

    private static Spread ratio(List<Played> times) {
        return spread(times, Played::p99Ratio);
    }

    private static <T> Spread spread(List<T> times, ToDoubleFunction<T> value) {
        return Spread.of(times.stream().mapToDouble(value).toArray());
    }

    private static long sum(List<Played> times, ToLongFunction<Played> value) {
        return times.stream().mapToLong(value).sum();
    }

    private static long failed(LoadResult stretch) {
        return stretch.failedCount() + stretch.refusedCount() + stretch.unsentCount();
    }

    private static void line(StringBuilder text, String name, String... cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-20s", name));
        for (String cell : cells) {
            line.append(String.format(Locale.ROOT, " %20s", cell));
        }
        text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }

    String json() {
        JsonObject json = new JsonObject();
        json.addProperty("calls_per_second", callsPerSecond);
        json.addProperty("seconds", seconds);
        JsonArray stretches = new JsonArray();
        steady.forEach(stretch -> stretches.add(ServingTable.json(stretch)));
        json.add("steady", stretches);
        JsonObject scenarios = new JsonObject();
        played.forEach((name, times) -> scenarios.add(name, json(times)));
        json.add("scenarios", scenarios);
        json.addProperty("first_fault", history.firstFault());
        return new GsonBuilder().setPrettyPrinting().create().toJson(json) + System.lineSeparator();
    }

    private static JsonObject json(List<Played> times) {
        JsonObject json = new JsonObject();
        json.addProperty("verdict", verdict(times));
        json.addProperty("failed", sum(times, Played::failedCount));
        json.addProperty("history_violations", sum(times, once -> once.history().violations()));
        json.addProperty("mixed_answers", sum(times, once -> once.history().mixed()));
        json.addProperty("p99_of_steady_median", ratio(times).median());
        JsonArray rounds = new JsonArray();
        for (Played once : times) {
            JsonObject round = ServingTable.json(once.load());
            round.addProperty("steady_p99_micros", once.steadyP99Nanos() / 1e3);
            round.addProperty("answers_judged", once.history().answers());
            round.addProperty("is_shown", once.isShown());
            round.addProperty("evidence", once.evidence());
            rounds.add(round);
        }
        json.add("rounds", rounds);
        return json;
    }
}
