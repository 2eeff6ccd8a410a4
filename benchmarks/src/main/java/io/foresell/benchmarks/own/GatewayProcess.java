package io.foresell.benchmarks.own;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The built gateway in a process of its own. */
public final class GatewayProcess implements AutoCloseable {
    private static final String JAR = "gateway/target/quarkus-app/quarkus-run.jar";

    private final ChildJvm process;
    private final String address;

    private GatewayProcess(ChildJvm process, String address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param root the folder of the sources, built
     * @param folder where what it says is kept
     * @param jvmArguments of the virtual machine, besides the size of its heap
     */
    public static GatewayProcess start(
            Path root,
            Path folder,
            int inferencePort,
            int registryPort,
            int featureStorePort,
            List<String> jvmArguments)
            throws IOException, InterruptedException {
        int port = ChildJvm.freePort();
        List<String> arguments = new ArrayList<>(jvmArguments);
        arguments.addAll(List.of(
                "-Xmx256m",
                "-Dforesell.http.port=" + port,
                "-Dforesell.inference.port=" + inferencePort,
                "-Dforesell.training.port=" + registryPort,
                "-Dforesell.feature-store.port=" + featureStorePort,
                "-jar",
                ChildJvm.built(root, JAR).toString()));
        ChildJvm process = ChildJvm.start("gateway", folder, arguments);
        String address = "http://localhost:" + port;
        try {
            HttpClient http = HttpClient.newHttpClient();
            process.await(() -> answers(http, address + "/v2/health/ready"));
            return new GatewayProcess(process, address);
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.close();
            throw e;
        }
    }

    /** Returns whether an address answers with status 200. */
    public static boolean answers(HttpClient http, String address) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns where it answers, with the scheme. */
    public String address() {
        return address;
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }
}
