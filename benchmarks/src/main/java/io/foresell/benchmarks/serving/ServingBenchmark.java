package io.foresell.benchmarks.serving;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.foresell.benchmarks.load.ProgressLine;
import io.foresell.benchmarks.tensor.Peer;
import io.foresell.kit.ServiceProcess;
import io.foresell.proto.inference.v1.LoadedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures serving over every way in against an echo, a bare JSON endpoint and other servers, interleaved. */
@Command(
        name = "serving",
        description =
                "Measures serving over gRPC and REST against an echo on the same server settings, a bare Quarkus JSON endpoint and"
                        + " other servers of the Open Inference Protocol.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class ServingBenchmark implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--own",
            description =
                    "Starts an inference service and a gateway with 100 boosted trees over 40 numbers, and measures these"
                            + " instead of a cluster that runs already.")
    private boolean isOwn;

    @Option(
            names = "--root",
            description = "Folder of the built sources: where --own and the bare JSON endpoint are.",
            defaultValue = ".")
    private Path root = Path.of(".");

    @Option(
            names = "--against",
            description =
                    "Folder of other built sources, such as those before a change: with --own their servers are measured in the same"
                            + " rounds, as subjects named 'other'.")
    private @Nullable Path against;

    @Option(names = "--model", description = "Released model of the running cluster.", defaultValue = "churn")
    private String model = "";

    @Option(names = "--feature-store", defaultValue = "localhost:9001", description = "Feature store, host:port.")
    private String featureStore = "";

    @Option(names = "--training", defaultValue = "localhost:9002", description = "Registry, host:port.")
    private String training = "";

    @Option(names = "--inference", defaultValue = "localhost:9003", description = "Inference, host:port.")
    private String inference = "";

    @Option(names = "--gateway", defaultValue = "http://localhost:8080", description = "Gateway's address.")
    private String gateway = "";

    @Option(
            names = "--peer",
            description = "Another server of the Open Inference Protocol, asked for the same row; may be repeated:"
                    + " name=grpc://host:port/model[/version][?form=raw|typed][&input=NAME], or http:// with form=json|binary."
                    + " input=NAME sends all numbers in one tensor of that name.")
    private List<String> peers = new ArrayList<>();

    @Option(names = "--pid", description = "Process of the running cluster whose memory is shown; may be repeated.")
    private List<Long> pids = new ArrayList<>();

    @Option(
            names = "--only",
            defaultValue = "",
            description = "Only subjects that contain this pattern, e.g. 'Score|REST'; baselines stay.")
    private String only = "";

    @Option(names = "--rounds", defaultValue = "5", description = "Interleaved rounds.")
    private int roundCount;

    @Option(
            names = "--max-stolen",
            defaultValue = "3",
            description =
                    "Percent of the time to work that the machine's host may give to others in a round; one with more is run again,"
                            + " three times as many rounds in all at most, and the least disturbed ones count.")
    private double maxStolenPercent;

    @Option(names = "--seconds", defaultValue = "3", description = "Length of one run.")
    private double seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "45",
            description =
                    "Seconds of load on each subject before it is measured: for 40 s and more the compilers of generator and server"
                            + " take up to one of two cores.")
    private double warmUpSeconds;

    @Option(names = "--max-concurrency", defaultValue = "256", description = "Up to where saturation is searched.")
    private int maxConcurrency;

    @Option(
            names = "--max-in-flight",
            defaultValue = "4096",
            description = "Calls without an answer above which an open loop waits; the wait counts.")
    private int maxInFlight;

    @Option(names = "--overload", description = "Measures twice the saturated rate, too.")
    private boolean withOverload;

    @Option(names = "--json", description = "Prints JSON in place of a table.")
    private boolean asJson;

    @Option(
            names = "--light",
            description =
                    "Calls over gRPC by a client of our own that costs next to nothing, in place of grpc-java: for latency and overload"
                            + " where generator and servers share a machine.")
    private boolean isLight;

    @Option(
            names = "--connections",
            defaultValue = "1",
            description =
                    "Connections over which a subject of gRPC is called, in turn; REST has one for each call in flight.")
    private int connectionCount;

    @Override
    public Integer call() throws Exception {
        List<Peer> others = checked();
        try (ServiceProcess.Resources resources = new ServiceProcess.Resources();
                ProgressLine progress = ProgressLine.onStandardError()) {
            Servers servers = resources.add(isOwn ? OwnServers.withGateway(root) : running());
            Baselines baselines = resources.add(new Baselines(root));
            Contenders all = new Contenders(servers, baselines, isLight, connectionCount);
            if (!all.hasBareJson()) {
                System.err.println(
                        "no bare JSON endpoint below --root (mvn package builds it): REST is compared with nothing");
            }
            List<Long> besides = new ArrayList<>(baselines.pids());
            if (against != null) {
                Servers other = resources.add(OwnServers.withGateway(against));
                besides.addAll(other.pids());
                all.addOther(other);
            }
            others.forEach(all::add);
            List<Contender> contenders = all.chosen(Pattern.compile(only, Pattern.CASE_INSENSITIVE));
            Rounds.Plan plan = new Rounds.Plan(
                    roundCount,
                    maxStolenPercent,
                    Duration.ofMillis((long) (warmUpSeconds * 1000)),
                    Duration.ofMillis((long) (seconds * 1000)),
                    maxConcurrency,
                    maxInFlight,
                    withOverload,
                    servers.pids(),
                    Stream.concat(servers.pids().stream(), besides.stream()).toList());
            if (!asJson) {
                System.out.println(title(servers, contenders));
            }
            ServingTable table = new Rounds(contenders, plan, progress).run();
            progress.clear();
            System.out.print(asJson ? json(servers, contenders, table) : table.render());
        }
        return 0;
    }

    /** Refuses what cannot be, before anything is started; returns the peers. */
    private List<Peer> checked() {
        if (spec == null) {
            throw new IllegalStateException("not run by picocli");
        }
        Arguments arguments = new Arguments(spec);
        arguments.requireRange("--rounds", roundCount, 1, 1000);
        arguments.requireRange("--max-stolen", maxStolenPercent, 0, 100);
        arguments.requireRange("--seconds", seconds, 0.1, 3600);
        arguments.requireRange("--warm-up", warmUpSeconds, 0, 3600);
        arguments.requireRange("--max-concurrency", maxConcurrency, 1, 100_000);
        arguments.requireRange("--max-in-flight", maxInFlight, 1, 1_000_000);
        arguments.requireRange("--connections", connectionCount, 1, 1000);
        if (against != null && !isOwn) {
            throw arguments.wrong("--against: %s (expected: only with --own)".formatted(against));
        }
        try {
            var unused = Pattern.compile(only);
            return peers.stream().map(Peer::parse).toList();
        } catch (PatternSyntaxException e) {
            throw arguments.wrong("--only: '%s' (expected: a regular expression)".formatted(only));
        } catch (IllegalArgumentException e) {
            throw arguments.wrong("--" + e.getMessage());
        }
    }

    private Servers running() {
        return new RunningCluster(new RunningCluster.Targets(featureStore, training, inference, gateway), model, pids);
    }

    private String title(Servers servers, List<Contender> contenders) {
        LoadedModel loaded = servers.loaded();
        StringBuilder title = new StringBuilder(String.format(
                Locale.ROOT,
                "model %s version %d (%s, %s), %d rounds of %.1f s, java %s, %d cores, load %.1f%nrequest bytes:",
                loaded.getModel(),
                loaded.getVersion(),
                loaded.getAlgorithm(),
                loaded.getEngine(),
                roundCount,
                seconds,
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                machineLoad()));
        contenders.forEach(contender -> title.append(" %s %d;"
                .formatted(contender.subject().name(), contender.subject().requestBytes())));
        return title.append(System.lineSeparator()).toString();
    }

    private String json(Servers servers, List<Contender> contenders, ServingTable table) {
        JsonObject json = new JsonObject();
        json.addProperty("model", servers.loaded().getModel());
        json.addProperty("model_version", servers.loaded().getVersion());
        json.addProperty("algorithm", servers.loaded().getAlgorithm());
        json.addProperty("engine", servers.loaded().getEngine());
        json.addProperty("rounds", roundCount);
        json.addProperty("rounds_left_out", table.disturbedCount());
        json.addProperty("seconds", seconds);
        json.addProperty("java", System.getProperty("java.version"));
        json.addProperty("cores", Runtime.getRuntime().availableProcessors());
        json.addProperty("machine_load", machineLoad());
        JsonObject bytes = new JsonObject();
        contenders.forEach(contender -> bytes.addProperty(
                contender.subject().name(), contender.subject().requestBytes()));
        json.add("request_bytes", bytes);
        json.add("subjects", table.json());
        return new GsonBuilder().setPrettyPrinting().create().toJson(json) + System.lineSeparator();
    }

    /** Returns how many threads want a processor, on average of the last minute: above the cores, others took part. */
    private static double machineLoad() {
        return java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
