package io.foresell.benchmarks.serving;

import io.foresell.benchmarks.load.LoadGenerator;
import io.foresell.benchmarks.load.LoadResult;
import io.foresell.benchmarks.load.ProcessMemory;
import io.foresell.benchmarks.load.ProgressLine;
import io.foresell.benchmarks.load.ReplyListener;
import io.foresell.benchmarks.load.SaturationSearch;
import io.foresell.benchmarks.load.Schedule;
import io.foresell.benchmarks.load.Subject;
import io.foresell.benchmarks.release.AskedRows;
import io.foresell.benchmarks.release.JudgedCalls;
import io.foresell.benchmarks.release.PreparedVersion;
import io.foresell.benchmarks.release.ReleaseHistory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
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

    // HotSpot compiles a method after 200 calls, and again after 5000: what a load calls once or some dozen times is
    // compiled long
    // after the first load, and must not be just when it is measured.
    private static final int WARM_UP_PACE = 8;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--root", description = "Folder of the built sources.", defaultValue = ".")
    private Path root = Path.of(".");

    @Option(names = "--rounds", defaultValue = "5", description = "Stretches of each kind.")
    private int roundCount;

    @Option(
            names = "--max-stolen",
            defaultValue = "3",
            description =
                    "Percent of the time to work that the machine's host may give to others in two stretches; such with more are run"
                            + " again, three times as many in all at most, and the least disturbed ones count.")
    private double maxStolenPercent;

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
                    "Seconds of load before anything is measured, and as many of load with a release every eighth of --every:"
                            + " so long the compilers take up to one of two cores.")
    private double warmUpSeconds;

    @Option(
            names = "--max-in-flight",
            defaultValue = "4096",
            description = "Calls without an answer above which calls wait.")
    private int maxInFlight;

    @Option(names = "--json", description = "Prints JSON in place of a table.")
    private boolean asJson;

    @Override
    public Integer call() throws Exception {
        check();
        try (OwnServers servers = new OwnServers(root);
                ProgressLine progress = ProgressLine.onStandardError()) {
            AtomicInteger stepCount = new AtomicInteger(3 + 2 * roundCount);
            progress.expect(stepCount.get());
            AskedRows rows = AskedRows.draw(OwnServers.MODEL, ROWS);
            ReleaseHistory history = new ReleaseHistory();
            history.ordering(1, List.of(PreparedVersion.of(OwnServers.MODEL, 1, rows)));
            Subject subject = new JudgedCalls(servers.open(servers.inference()), rows, history);
            LoadGenerator.requireAnswer(subject);
            double chosen = chosenRate(subject, progress);
            Releaser releaser = new Releaser(servers.registry(), history, rows);
            progress.next("loads until loading is compiled, too");
            releaser.every(everyMillis().dividedBy(WARM_UP_PACE));
            changing(subject, schedule(chosen, Math.max(1, warmUpSeconds)), releaser);
            progress.next("makes versions");
            int versionsEach = (int) (seconds / everySeconds) + 2;
            releaser.prepare(roundCount * versionsEach);
            releaser.every(everyMillis());
            CalmTurns<ReleasesTable.Stretches> turns = CalmTurns.run(
                    roundCount,
                    maxStolenPercent,
                    number -> {
                        String round = CalmTurns.name(number, roundCount) + ": ";
                        Schedule schedule = schedule(chosen, seconds);
                        progress.next(round + "steady");
                        LoadResult steady = LoadGenerator.atRate(subject, schedule, ReplyListener.NONE);
                        progress.next(round + "a new version every %s s".formatted(everySeconds));
                        int before = releaser.releasedCount();
                        LoadResult changing = changing(subject, schedule, releaser);
                        return new ReleasesTable.Stretches(
                                steady,
                                changing,
                                releaser.releasedCount() - before,
                                ProcessMemory.residentMib(servers.pids()));
                    },
                    () -> {
                        progress.expect(stepCount.addAndGet(2));
                        releaser.prepare(versionsEach);
                    });
            progress.clear();
            ReleasesTable table =
                    new ReleasesTable(turns, history, ROWS, schedule(chosen, seconds), everySeconds, maxStolenPercent);
            System.out.print(asJson ? table.json() : table.render());
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
        arguments.requireRange("--max-stolen", maxStolenPercent, 0, 100);
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
}
