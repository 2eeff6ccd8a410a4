package io.foresell.benchmarks.serving;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.foresell.benchmarks.load.GrpcSubject;
import io.foresell.benchmarks.load.HttpSubject;
import io.foresell.benchmarks.load.ProgressLine;
import io.foresell.benchmarks.load.Subject;
import io.foresell.benchmarks.own.ChildJvm;
import io.foresell.benchmarks.tensor.Peer;
import io.foresell.benchmarks.tensor.TensorForm;
import io.foresell.benchmarks.tensor.TensorSubjects;
import io.foresell.benchmarks.wire.WireSubject;
import io.foresell.kit.ServiceProcess;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
    private static final String JSON_TYPE = "application/json";

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

    private final List<Long> children = new ArrayList<>(); // baselines and others that were started here

    @Override
    public Integer call() throws Exception {
        List<Peer> others = checked();
        try (Servers servers = isOwn ? own(root) : running();
                ServiceProcess.Resources resources = new ServiceProcess.Resources();
                ProgressLine progress = ProgressLine.onStandardError()) {
            List<Contender> contenders = chosen(contenders(servers, others, resources));
            Rounds.Plan plan = new Rounds.Plan(
                    roundCount,
                    maxStolenPercent,
                    Duration.ofMillis((long) (warmUpSeconds * 1000)),
                    Duration.ofMillis((long) (seconds * 1000)),
                    maxConcurrency,
                    maxInFlight,
                    withOverload,
                    servers.pids(),
                    Stream.concat(servers.pids().stream(), children.stream()).toList());
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

    private static Servers own(Path root) throws Exception {
        OwnServers servers = new OwnServers(root);
        try {
            servers.startGateway();
            return servers;
        } catch (Exception e) {
            servers.close();
            throw e;
        }
    }

    private Servers running() {
        return new RunningCluster(new RunningCluster.Targets(featureStore, training, inference, gateway), model, pids);
    }

    private List<Contender> contenders(Servers servers, List<Peer> others, ServiceProcess.Resources resources)
            throws Exception {
        Path logs = Files.createTempDirectory("foresell-baselines");
        resources.add(() -> delete(logs));
        Channel own = servers.open(servers.inference());
        ScoreRequest byRow = servers.row().packed();
        ScoreResponse answer = InferenceServiceGrpc.newBlockingStub(own).score(byRow);
        Subject echo = score("echo", servers, startEcho(answer, logs, resources, children), List.of(byRow));
        Optional<URI> bareAddress = OwnServers.startBareJson(resources, root, logs, children);
        Subject bare = bareAddress
                .map(address -> post("bare Quarkus JSON", address, servers.row().json()))
                .orElse(null);
        if (bare == null) {
            System.err.println(
                    "no bare JSON endpoint below --root (mvn package builds it): REST is compared with nothing");
        }

        List<Contender> all = new ArrayList<>();
        all.add(new Contender(echo, null));
        all.add(new Contender(score("Score by row", servers, servers.inference(), List.of(byRow)), echo));
        if (!servers.entityKeys().isEmpty()) {
            all.add(new Contender(score("Score by entity id", servers, servers.inference(), byEntity(servers)), echo));
        }
        TensorSubjects tensors = new TensorSubjects(servers.row().tensors(), servers::open, isLight, connectionCount);
        all.add(new Contender(tensors.of(ours(servers, TensorForm.RAW)), echo));
        all.add(new Contender(tensors.of(ours(servers, TensorForm.TYPED)), echo));
        if (bare != null) {
            all.add(new Contender(bare, null));
        }
        String name = servers.loaded().getModel();
        URI rest = URI.create("%s/v1/models/%s:score".formatted(servers.gateway(), name));
        all.add(new Contender(post("REST by row", rest, servers.row().json()), bare));
        if (!servers.entityKeys().isEmpty()) {
            all.add(new Contender(HttpSubject.get("REST by entity id", addresses(servers)), bare));
        }
        all.add(new Contender(tensors.of(ours(servers, TensorForm.JSON)), bare));
        all.add(new Contender(tensors.of(ours(servers, TensorForm.BINARY)), bare));
        if (against != null) {
            Servers other = resources.add(own(against));
            children.addAll(other.pids());
            addOther(other, echo, bare, all);
        }
        others.forEach(peer -> all.add(new Contender(tensors.of(peer), peer.isGrpc() ? echo : bare)));
        return all;
    }

    private void addOther(Servers other, Subject echo, @Nullable Subject bare, List<Contender> all) {
        List<ScoreRequest> byRow = List.of(other.row().packed());
        all.add(new Contender(score("Score by row, other", other, other.inference(), byRow), echo));
        URI rest = URI.create("%s/v1/models/%s:score"
                .formatted(other.gateway(), other.loaded().getModel()));
        all.add(new Contender(post("REST by row, other", rest, other.row().json()), bare));
        TensorSubjects tensors = new TensorSubjects(other.row().tensors(), other::open, isLight, connectionCount);
        for (TensorForm form : TensorForm.values()) {
            Peer ours = ours(other, form);
            Peer named = new Peer("other OIP", ours.base(), ours.model(), "", form, "");
            all.add(new Contender(tensors.of(named), named.isGrpc() ? echo : bare));
        }
    }

    /** Leaves out what was not asked for, and baselines that nobody needs then. */
    private List<Contender> chosen(List<Contender> all) {
        Pattern wanted = Pattern.compile(only, Pattern.CASE_INSENSITIVE);
        List<Contender> subjects = all.stream()
                .filter(contender -> wanted.matcher(contender.subject().name()).find())
                .toList();
        return all.stream()
                .filter(contender -> subjects.contains(contender)
                        || subjects.stream().anyMatch(subject -> subject.baseline() == contender.subject()))
                .toList();
    }

    private Subject score(String name, Servers servers, String target, List<ScoreRequest> requests) {
        MethodDescriptor<ScoreRequest, ScoreResponse> method = InferenceServiceGrpc.getScoreMethod();
        return isLight
                ? new WireSubject(name, target, method.getFullMethodName(), requests, connectionCount)
                : new GrpcSubject<>(
                        name,
                        Stream.generate(() -> servers.open(target))
                                .limit(connectionCount)
                                .toList(),
                        method,
                        requests,
                        response -> "");
    }

    private static Subject post(String name, URI address, byte[] body) {
        return HttpSubject.post(name, address, body, Map.of("Content-Type", JSON_TYPE));
    }

    private static List<ScoreRequest> byEntity(Servers servers) {
        return servers.entityKeys().stream()
                .map(key -> ScoreRequest.newBuilder()
                        .setModel(servers.loaded().getModel())
                        .setEntityKeys(EntityKeys.newBuilder().addKeys(key))
                        .build())
                .toList();
    }

    /** Reasons take longer than the score; they are asked for neither here nor over gRPC. */
    private static List<URI> addresses(Servers servers) {
        return servers.entityKeys().stream()
                .map(key -> URI.create("%s/v1/models/%s/entities/%s/score?reasons=0"
                        .formatted(servers.gateway(), servers.loaded().getModel(), key)))
                .toList();
    }

    private static Peer ours(Servers servers, TensorForm form) {
        boolean isGrpc = form == TensorForm.RAW || form == TensorForm.TYPED;
        URI base = URI.create(isGrpc ? "grpc://" + servers.inference() : servers.gateway());
        return new Peer("OIP", base, servers.loaded().getModel(), "", form, "");
    }

    private static String startEcho(
            ScoreResponse answer, Path logs, ServiceProcess.Resources resources, List<Long> children) throws Exception {
        int port = ChildJvm.freePort();
        ChildJvm echo = resources.add(ChildJvm.start(
                "echo",
                logs,
                List.of(
                        "-Xms512m", // as much as the inference service has
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EchoServer.class.getName(),
                        Integer.toString(port),
                        HexFormat.of().formatHex(answer.toByteArray()))));
        children.add(echo.pid());
        echo.await(() -> ChildJvm.isOpen(port));
        return "localhost:" + port;
    }

    private static void delete(Path folder) throws java.io.IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
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
