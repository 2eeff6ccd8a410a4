package io.foresell.benchmarks.serving;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.foresell.benchmarks.load.LoadGenerator;
import io.foresell.benchmarks.load.LoadResult;
import io.foresell.benchmarks.load.ProcessMemory;
import io.foresell.benchmarks.load.ProgressLine;
import io.foresell.benchmarks.load.ReplyListener;
import io.foresell.benchmarks.load.SaturationSearch;
import io.foresell.benchmarks.load.Schedule;
import io.foresell.benchmarks.load.Subject;
import io.foresell.benchmarks.own.OwnRegistry;
import io.foresell.benchmarks.release.AskedRows;
import io.foresell.benchmarks.release.JudgedCalls;
import io.foresell.benchmarks.release.PreparedVersion;
import io.foresell.benchmarks.release.ReleaseHistory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Does a new version every so often cost callers anything? Steady and changing stretches take turns under one constant load. */
@Command(
        name = "releases",
        description =
                "Releases a new version every second under a constant load, in turn with stretches without, and counts failed calls,"
                        + " answers by wrong versions, and what it does to latency. Starts an inference service of its own.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class ReleasesBenchmark implements Callable<Integer> {
    private static final int ROWS = 4; // of a call: an answer of one row cannot be mixed

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--root", description = "Folder of the built sources.", defaultValue = ".")
    private Path root = Path.of(".");

    @Option(names = "--rounds", defaultValue = "5", description = "Stretches of each kind.")
    private int roundCount;

    @Option(names = "--seconds", defaultValue = "12", description = "Length of one stretch.")
    private double seconds;

    @Option(names = "--every", defaultValue = "1", description = "Seconds between two versions.")
    private double everySeconds;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description =
                    "Calls a second; 0 for a quarter of what saturates the service, which leaves a core for loading.")
    private double rate;

    @Option(
            names = "--warm-up",
            defaultValue = "45",
            description =
                    "Seconds of load before anything is measured, and as many of load with a release every quarter of --every:"
                            + " so long the compilers take up to one of two cores.")
    private double warmUpSeconds;

    @Option(
            names = "--max-in-flight",
            defaultValue = "4096",
            description = "Calls without an answer above which calls wait.")
    private int maxInFlight;

    @Option(names = "--json", description = "Prints JSON in place of a table.")
    private boolean asJson;

    /** One stretch without releases and one with them. */
    private record Turn(LoadResult steady, LoadResult changing, int releasedCount, double residentMib) {}

    @Override
    public Integer call() throws Exception {
        check();
        try (OwnServers servers = new OwnServers(root);
                ProgressLine progress = ProgressLine.onStandardError()) {
            progress.expect(3 + 2 * roundCount);
            AskedRows rows = AskedRows.draw(OwnServers.MODEL, ROWS);
            ReleaseHistory history = new ReleaseHistory();
            history.ordering(1, List.of(PreparedVersion.of(OwnServers.MODEL, 1, rows)));
            Subject subject = new JudgedCalls(servers.open(servers.inference()), rows, history);
            LoadGenerator.requireAnswer(subject);
            double chosen = chosenRate(subject, progress);
            Releaser releaser = new Releaser(servers.registry(), history, rows);
            progress.next("loads until loading is compiled, too");
            releaser.every(everyMillis().dividedBy(4));
            changing(subject, schedule(chosen, Math.max(1, warmUpSeconds)), releaser);
            progress.next("makes versions");
            releaser.prepare(roundCount * ((int) (seconds / everySeconds) + 2));
            releaser.every(everyMillis());
            List<Turn> turns = new ArrayList<>();
            for (int round = 1; round <= roundCount; round++) {
                progress.next("round %d of %d: steady".formatted(round, roundCount));
                Schedule schedule = schedule(chosen, seconds);
                LoadResult steady = LoadGenerator.atRate(subject, schedule, ReplyListener.NONE);
                progress.next("round %d of %d: a new version every %s s".formatted(round, roundCount, everySeconds));
                int before = releaser.releasedCount();
                LoadResult changing = changing(subject, schedule, releaser);
                turns.add(new Turn(
                        steady,
                        changing,
                        releaser.releasedCount() - before,
                        ProcessMemory.residentMib(servers.pids())));
            }
            progress.clear();
            System.out.print(asJson ? json(turns, chosen, history) : table(turns, chosen, history));
        }
        return 0;
    }

    private Duration everyMillis() {
        return Duration.ofMillis((long) (everySeconds * 1000));
    }

    private void check() {
        if (spec == null) {
            throw new IllegalStateException("not run by picocli");
        }
        Arguments arguments = new Arguments(spec);
        arguments.requireRange("--rounds", roundCount, 1, 1000);
        arguments.requireRange("--seconds", seconds, 1, 3600);
        arguments.requireRange("--every", everySeconds, 0.05, 3600);
        arguments.requireRange("--rate", rate, 0, 1_000_000);
        arguments.requireRange("--warm-up", warmUpSeconds, 0, 3600);
        arguments.requireRange("--max-in-flight", maxInFlight, 1, 1_000_000);
    }

    private double chosenRate(Subject subject, ProgressLine progress) throws InterruptedException {
        progress.next("saturation");
        LoadGenerator.saturate(subject, 64, Duration.ofMillis((long) (warmUpSeconds * 1000)));
        return rate > 0
                ? rate
                : Math.max(
                        1,
                        SaturationSearch.of(subject, 256, Duration.ofSeconds(1)).callsPerSecond() / 4);
    }

    private Schedule schedule(double callsPerSecond, double length) {
        return new Schedule(callsPerSecond, maxInFlight, Duration.ofMillis((long) (1000 * length)));
    }

    private static LoadResult changing(Subject subject, Schedule schedule, Releaser releaser)
            throws InterruptedException {
        releaser.start();
        try {
            return LoadGenerator.atRate(subject, schedule, ReplyListener.NONE);
        } finally {
            releaser.stop();
        }
    }

    /** Releases one version after the other on a thread of its own. */
    private static final class Releaser {
        private final OwnRegistry registry;
        private final ReleaseHistory history;
        private final AskedRows rows;
        private final Queue<PreparedVersion> prepared = new ArrayDeque<>(); // used by one thread at a time, as the next
        private int lastVersion = 1;
        private Duration every = Duration.ofSeconds(1);
        private final AtomicInteger releasedCount = new AtomicInteger();
        private @Nullable Thread thread;

        Releaser(OwnRegistry registry, ReleaseHistory history, AskedRows rows) {
            this.registry = registry;
            this.history = history;
            this.rows = rows;
        }

        /** Sets the time between two versions; not while it releases. */
        void every(Duration between) {
            every = between;
        }

        /**
         * Makes the next versions ahead: making one takes as long as loading it, on the same machine. Without, each is made when it is
         * due; not while it releases.
         */
        void prepare(int count) {
            for (int i = 0; i < count; i++) {
                prepared.add(made());
            }
        }

        private PreparedVersion made() {
            return PreparedVersion.of(OwnServers.MODEL, ++lastVersion, rows);
        }

        int releasedCount() {
            return releasedCount.get();
        }

        void start() {
            Thread started = new Thread(this::run, "releases");
            started.setDaemon(true);
            thread = started;
            started.start();
        }

        void stop() throws InterruptedException {
            Thread started = thread;
            if (started != null) {
                started.interrupt();
                started.join();
            }
        }

        private void run() {
            long due = System.nanoTime();
            try {
                while (!Thread.interrupted()) {
                    due += every.toNanos();
                    Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
                    PreparedVersion version = prepared.isEmpty() ? made() : prepared.remove();
                    history.ordering(version.version(), List.of(version));
                    registry.release(version.version(), version.packageBytes());
                    releasedCount.incrementAndGet();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private String table(List<Turn> turns, double chosen, ReleaseHistory history) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT, "%d rounds of %.0f s each way at %.0f calls/s%n", roundCount, seconds, chosen));
        line(text, "", "answered", "failed", "p50 us", "p99 us", "p99.9 us", "longest ms");
        row(text, "steady", turns, Turn::steady);
        row(text, "a version every %s s".formatted(everySeconds), turns, Turn::changing);
        text.append(String.format(
                Locale.ROOT,
                "p99 %s x steady; %d versions released, %d answered; of %d answers of %d rows %d violate history, %d are"
                        + " mixed; memory %s MiB%n%s",
                p99Ratio(turns).shown(2),
                turns.stream().mapToInt(Turn::releasedCount).sum(),
                history.answeredRevisionCount(),
                history.counts().answers(),
                ROWS,
                history.counts().violations(),
                history.counts().mixed(),
                spread(turns, Turn::residentMib).shown(0),
                history.firstFault().isEmpty() ? "" : "first: %s%n".formatted(history.firstFault())));
        turns.stream()
                .flatMap(turn -> Stream.of(turn.steady(), turn.changing()))
                .filter(stretch -> failed(stretch) > 0)
                .findFirst()
                .ifPresent(stretch -> text.append(String.format(
                        Locale.ROOT,
                        "first stretch with failures: %d failed, %d refused, %d not sent; %s%n",
                        stretch.failedCount(),
                        stretch.refusedCount(),
                        stretch.unsentCount(),
                        stretch.firstFailure())));
        return text.toString();
    }

    private static void row(
            StringBuilder text, String name, List<Turn> turns, java.util.function.Function<Turn, LoadResult> stretch) {
        line(
                text,
                name,
                Long.toString(turns.stream()
                        .mapToLong(turn -> stretch.apply(turn).answeredCount())
                        .sum()),
                Long.toString(turns.stream()
                        .mapToLong(turn -> failed(stretch.apply(turn)))
                        .sum()),
                spread(turns, turn -> stretch.apply(turn).latencies().p50Nanos() / 1e3)
                        .shown(0),
                spread(turns, turn -> stretch.apply(turn).latencies().p99Nanos() / 1e3)
                        .shown(0),
                spread(turns, turn -> stretch.apply(turn).latencies().p999Nanos() / 1e3)
                        .shown(0),
                spread(turns, turn -> stretch.apply(turn).latencies().maxNanos() / 1e6)
                        .shown(0));
    }

    private static void line(StringBuilder text, String name, String... cells) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-24s", name));
        for (String cell : cells) {
            line.append(String.format(Locale.ROOT, " %22s", cell));
        }
        text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }

    private static long failed(LoadResult stretch) {
        return stretch.failedCount() + stretch.refusedCount() + stretch.unsentCount();
    }

    private static Spread p99Ratio(List<Turn> turns) {
        return spread(
                turns,
                turn -> turn.changing().latencies().p99Nanos()
                        / (double) Math.max(1, turn.steady().latencies().p99Nanos()));
    }

    private static Spread spread(List<Turn> turns, ToDoubleFunction<Turn> value) {
        return Spread.of(turns.stream().mapToDouble(value).toArray());
    }

    private String json(List<Turn> turns, double chosen, ReleaseHistory history) {
        JsonArray all = new JsonArray();
        for (Turn turn : turns) {
            JsonObject json = new JsonObject();
            json.add("steady", ServingTable.json(turn.steady()));
            json.add("changing", ServingTable.json(turn.changing()));
            json.addProperty("released", turn.releasedCount());
            json.addProperty("resident_mib", turn.residentMib());
            all.add(json);
        }
        JsonObject json = new JsonObject();
        json.addProperty("calls_per_second", chosen);
        json.addProperty("seconds", seconds);
        json.addProperty("every_seconds", everySeconds);
        json.addProperty(
                "failed",
                turns.stream()
                        .mapToLong(turn -> failed(turn.steady()) + failed(turn.changing()))
                        .sum());
        json.addProperty("answers", history.counts().answers());
        json.addProperty("history_violations", history.counts().violations());
        json.addProperty("mixed_answers", history.counts().mixed());
        json.addProperty("first_fault", history.firstFault());
        json.addProperty("versions_answered", history.answeredRevisionCount());
        json.addProperty("p99_of_steady_median", p99Ratio(turns).median());
        json.add("rounds", all);
        return new GsonBuilder().setPrettyPrinting().create().toJson(json) + System.lineSeparator();
    }
}
