package io.foresell.benchmarks.serving;

import io.foresell.benchmarks.own.ChildJvm;
import io.foresell.benchmarks.own.GatewayProcess;
import io.foresell.kit.ServiceProcess;
import io.foresell.proto.inference.v1.ScoreResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What serving is compared with, each in a process of its own: what the transport costs alone. */
final class Baselines implements AutoCloseable {
    private static final String BARE_JAR = "benchmarks/bare-json/target/quarkus-app/quarkus-run.jar";

    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    private final List<Long> pids = new ArrayList<>();
    private final Path root;
    private final Path logs;

    /** Starts none yet; {@code root} is the folder of the built sources. */
    Baselines(Path root) throws IOException {
        this.root = root;
        this.logs = Files.createTempDirectory("foresell-baselines");
        resources.add(this::deleteLogs);
    }

    /** Starts a server with the settings of ours, which answers all calls with one answer, and returns its address. */
    String startEcho(ScoreResponse answer) throws IOException, InterruptedException {
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
        pids.add(echo.pid());
        echo.await(() -> ChildJvm.isOpen(port));
        return "localhost:" + port;
    }

    /** Starts the bare JSON endpoint and returns where it answers; empty when it was not built. */
    Optional<URI> startBareJson() throws IOException, InterruptedException {
        Path jar = root.resolve(BARE_JAR);
        if (!Files.isRegularFile(jar)) {
            return Optional.empty();
        }
        int port = ChildJvm.freePort();
        ChildJvm child = resources.add(ChildJvm.start(
                "bare-json", logs, List.of("-Xmx256m", "-Dquarkus.http.port=" + port, "-jar", jar.toString())));
        pids.add(child.pid());
        String address = "http://localhost:" + port;
        HttpClient http = HttpClient.newHttpClient();
        child.await(() -> GatewayProcess.answers(http, address + "/ready"));
        return Optional.of(URI.create(address + "/score"));
    }

    /** Returns the processes of those that were started. */
    List<Long> pids() {
        return List.copyOf(pids);
    }

    private void deleteLogs() throws IOException {
        try (Stream<Path> files = Files.list(logs)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(logs);
    }

    @Override
    public void close() {
        resources.close();
    }
}
