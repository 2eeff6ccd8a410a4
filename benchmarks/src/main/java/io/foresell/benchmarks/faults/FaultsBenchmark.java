package io.foresell.benchmarks.faults;

import io.foresell.benchmarks.load.LoadGenerator;
import io.foresell.benchmarks.load.LoadResult;
import io.foresell.benchmarks.load.ProgressLine;
import io.foresell.benchmarks.load.ReplyListener;
import io.foresell.benchmarks.load.SaturationSearch;
import io.foresell.benchmarks.load.Schedule;
import io.foresell.benchmarks.load.Subject;
import io.foresell.benchmarks.release.JudgedCalls;
import io.foresell.benchmarks.release.ReleaseHistory;
import io.foresell.benchmarks.serving.Arguments;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What goes wrong while callers call, scenario by scenario, each between two steady stretches of one constant load. */
@Command(
        name = "faults",
        description =
                "Plays updates, bad packages, roll-backs, a registry that is gone, a full disk and a restart on two replicas under a constant"
                        + " load, and counts failed calls, answers that no release in force would have given, and what it does to latency."
                        + " Starts the replicas itself.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class FaultsBenchmark implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofMinutes(10); // of a scenario on a busy machine

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--root", description = "Folder of the built sources.", defaultValue = ".")
    private Path root = Path.of(".");

    @Option(names = "--rounds", defaultValue = "3", description = "How often each scenario is played.")
    private int roundCount;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "Length of a steady stretch, and least of a scenario.")
    private double seconds;

    @Option(names = "--gone", defaultValue = "20", description = "Seconds for which the registry is gone.")
    private double goneSeconds;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "Calls a second; 0 for a quarter of what saturates both, which leaves a core for loading.")
    private double rate;

    @Option(
            names = "--only",
            defaultValue = "",
            description = "Only scenarios that contain this pattern, e.g. 'roll|disk'.")
    private String only = "";

    @Option(
            names = "--max-in-flight",
            defaultValue = "4096",
            description = "Calls without an answer above which calls wait.")
    private int maxInFlight;

    @Option(names = "--json", description = "Prints JSON in place of a table.")
    private boolean asJson;

    @Override
    public Integer call() throws Exception {
        List<Scenario> scenarios = checked();
        try (ProgressLine progress = ProgressLine.onStandardError()) {
            progress.expect(2 + roundCount * (1 + 2 * scenarios.size()));
            progress.next("starts two replicas");
            try (Fleet fleet = new Fleet(root)) {
                FaultsTable table = run(fleet, scenarios, progress);
                progress.clear();
                System.out.print(asJson ? table.json() : table.render());
            }
        }
        return 0;
    }

    private List<Scenario> checked() {
        if (spec == null) {
            throw new IllegalStateException("not run by picocli");
        }
        Arguments arguments = new Arguments(spec);
        arguments.requireRange("--rounds", roundCount, 1, 1000);
        arguments.requireRange("--seconds", seconds, 0.5, 600);
        arguments.requireRange("--gone", goneSeconds, 0.5, 600);
        arguments.requireRange("--rate", rate, 0, 1_000_000);
        arguments.requireRange("--max-in-flight", maxInFlight, 1, 1_000_000);
        List<Scenario> all = new Scenarios(millis(seconds), millis(goneSeconds)).all();
        try {
            Pattern wanted = Pattern.compile(only, Pattern.CASE_INSENSITIVE);
            List<Scenario> chosen = all.stream()
                    .filter(each -> wanted.matcher(each.name()).find())
                    .toList();
            if (chosen.isEmpty()) {
                throw arguments.wrong("--only: '%s' (expected: a part of one of %s)"
                        .formatted(only, all.stream().map(Scenario::name).toList()));
            }
            return chosen;
        } catch (PatternSyntaxException e) {
            throw arguments.wrong("--only: '%s' (expected: a regular expression)".formatted(only));
        }
    }

    private static Duration millis(double seconds) {
        return Duration.ofMillis((long) (1000 * seconds));
    }

    private FaultsTable run(Fleet fleet, List<Scenario> scenarios, ProgressLine progress) throws Exception {
        Subject subject = new JudgedCalls(fleet.channel(), fleet.rows(), fleet.history());
        LoadGenerator.requireAnswer(subject);
        progress.next("saturation, and what is cold becomes warm");
        double chosen = chosenRate(fleet, subject);
        FaultsTable table = new FaultsTable(chosen, seconds, fleet.history());
        for (int round = 1; round <= roundCount; round++) {
            LoadResult before = steady(subject, chosen, "round %d of %d".formatted(round, roundCount), progress);
            for (Scenario scenario : scenarios) {
                String name = "round %d of %d: %s".formatted(round, roundCount, scenario.name());
                fleet.prepare(scenario.versionCount());
                progress.next(name);
                Outcome outcome = play(fleet, scenario, subject, chosen);
                LoadResult after = steady(subject, chosen, name, progress);
                double steadyP99 =
                        (before.latencies().p99Nanos() + after.latencies().p99Nanos()) / 2.0;
                table.addSteady(before);
                table.add(new Played(
                        scenario.name(),
                        outcome.load(),
                        steadyP99,
                        outcome.history(),
                        outcome.isShown(),
                        outcome.evidence()));
                before = after;
            }
            table.addSteady(before);
        }
        return table;
    }

    /** A closed loop warms calls up and one release after the other warms loading up; cold code is another program. */
    private double chosenRate(Fleet fleet, Subject subject) throws Exception {
        LoadGenerator.saturate(subject, 64, millis(Math.min(3, seconds)));
        for (int i = 0; i < 3; i++) {
            fleet.awaitServed(fleet.release(fleet.next()));
        }
        return rate > 0
                ? rate
                : Math.max(
                        1,
                        SaturationSearch.of(subject, 256, millis(Math.min(1, seconds)))
                                        .callsPerSecond()
                                / 4);
    }

    private LoadResult steady(Subject subject, double chosen, String name, ProgressLine progress)
            throws InterruptedException {
        progress.next(name + ", steady");
        return LoadGenerator.atRate(subject, new Schedule(chosen, maxInFlight, millis(seconds)), ReplyListener.NONE);
    }

    private record Outcome(LoadResult load, ReleaseHistory.Counts history, boolean isShown, String evidence) {}

    /** The scenario goes on beside the load, which goes on until it is over. */
    private Outcome play(Fleet fleet, Scenario scenario, Subject subject, double chosen) throws InterruptedException {
        ReleaseHistory.Counts before = fleet.history().counts();
        CompletableFuture<String> played = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        played.complete(scenario.play().on(fleet));
                    } catch (Exception e) {
                        played.completeExceptionally(e);
                    }
                },
                "scenario");
        thread.setDaemon(true);
        long least = System.nanoTime() + millis(seconds).toNanos();
        thread.start();
        LoadResult load = LoadGenerator.atRate(
                subject,
                new Schedule(chosen, maxInFlight, LONGEST),
                ReplyListener.NONE,
                () -> played.isDone() && System.nanoTime() - least > 0);
        thread.join();
        ReleaseHistory.Counts history = fleet.history().counts().since(before);
        try {
            return new Outcome(load, history, true, played.get());
        } catch (ExecutionException e) {
            return new Outcome(load, history, false, String.valueOf(e.getCause()));
        }
    }
}
