package io.foresell.benchmarks.soak;

import io.foresell.benchmarks.load.LoadGenerator;
import io.foresell.benchmarks.load.LoadResult;
import io.foresell.benchmarks.load.ProgressLine;
import io.foresell.benchmarks.load.ReplyListener;
import io.foresell.benchmarks.load.Schedule;
import io.foresell.benchmarks.serving.Arguments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Minutes of every kind of call, and whether the processes hold more at the end than in the beginning. */
@Command(
        name = "soak",
        description =
                "Calls an inference service and a gateway in every way at a constant rate for minutes, right calls and wrong ones, while versions"
                        + " are released and connections come and go, and says whether heap, direct memory, threads and open files stay"
                        + " flat. Starts the servers itself.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class SoakBenchmark implements Callable<Integer> {
    private static final double MOST_COLLECTION_SECONDS = 10;
    private static final int COLLECTIONS = 60; // at least, in a run

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--root", description = "Folder of the built sources.", defaultValue = ".")
    private Path root = Path.of(".");

    @Option(names = "--minutes", defaultValue = "10", description = "Length of the run.")
    private double minutes;

    @Option(names = "--warm-up", defaultValue = "20", description = "Seconds of the same calls before the run.")
    private double warmUpSeconds;

    @Option(names = "--rate", defaultValue = "200", description = "Calls a second of all kinds together.")
    private double rate;

    @Option(names = "--release-every", defaultValue = "10", description = "Seconds between two versions.")
    private double releaseSeconds;

    @Option(
            names = "--max-in-flight",
            defaultValue = "1024",
            description = "Calls without an answer above which calls wait.")
    private int maxInFlight;

    @Option(names = "--chart", description = "File for a drawing of what was held over time, SVG.")
    private @Nullable Path chart;

    @Option(names = "--json", description = "Prints JSON, every sample with it, in place of a table.")
    private boolean asJson;

    @Override
    public Integer call() throws Exception {
        check();
        try (ProgressLine progress = ProgressLine.onStandardError()) {
            progress.expect(3);
            progress.next("starts the servers");
            try (SoakServers servers = new SoakServers(root)) {
                SoakTable table = run(servers, progress);
                progress.clear();
                System.out.print(asJson ? table.json() : table.render());
            }
        }
        return 0;
    }

    private void check() {
        if (spec == null) {
            throw new IllegalStateException("not run by picocli");
        }
        Arguments arguments = new Arguments(spec);
        arguments.requireRange("--minutes", minutes, 0.25, 24 * 60);
        arguments.requireRange("--warm-up", warmUpSeconds, 0.1, 3600);
        arguments.requireRange("--rate", rate, 1, 1_000_000);
        arguments.requireRange("--release-every", releaseSeconds, 0.5, 3600);
        arguments.requireRange("--max-in-flight", maxInFlight, 1, 1_000_000);
    }

    private SoakTable run(SoakServers servers, ProgressLine progress) throws Exception {
        progress.next("warms up");
        List<CallKind> kinds = kinds(servers);
        LoadGenerator.atRate(new CallMix(kinds), schedule(warmUpSeconds), ReplyListener.NONE);
        progress.next("%.1f minutes of every kind of call".formatted(minutes));
        CallMix mix = new CallMix(kinds);
        ScheduledExecutorService releases = Executors.newSingleThreadScheduledExecutor();
        double collectEverySeconds = Math.min(MOST_COLLECTION_SECONDS, minutes * 60 / COLLECTIONS);
        try (Sampler sampler = new Sampler(servers.probes(), collectEverySeconds)) {
            long everyMillis = (long) (1000 * releaseSeconds);
            var unused =
                    releases.scheduleAtFixedRate(servers::release, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
            LoadResult load = LoadGenerator.atRate(mix, schedule(60 * minutes), ReplyListener.NONE);
            List<Series> series = sampler.ended();
            releases.shutdownNow();
            Path file = chart;
            if (file != null) {
                Files.writeString(file, new SoakChart(series).svg());
            }
            return new SoakTable(load, mix.counts(), series, servers.releasedCount(), servers.loggedCount());
        } finally {
            releases.shutdownNow();
        }
    }

    private static List<CallKind> kinds(SoakServers servers) {
        List<CallKind> kinds = new ArrayList<>(new GrpcKinds(servers.channel(), servers.inference()).all());
        kinds.addAll(new HttpKinds(servers.channel(), servers.inference(), servers.gateway()).all());
        return kinds;
    }

    private Schedule schedule(double seconds) {
        return new Schedule(rate, maxInFlight, Duration.ofMillis((long) (1000 * seconds)));
    }
}
