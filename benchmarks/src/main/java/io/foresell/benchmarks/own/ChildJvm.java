package io.foresell.benchmarks.own;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A server in a process of its own, so that it shares no more with the load generator than the services do. Closing ends it. The system
 * property {@value #CPUS} names the processors it may run on, as {@code taskset -c} takes them; unset, it runs where this process does.
 */
public final class ChildJvm implements AutoCloseable {
    private static final String CPUS = "server.cpus";
    private static final int TAIL_LINES = 8;
    private static final long STOP_SECONDS = 15;

    private final String name;
    private final Process process;
    private final Path log;

    private ChildJvm(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts {@code java} with the arguments; what it says goes to a file of the folder.
     *
     * @throws IllegalStateException when a jar that is to be run is not there
     */
    public static ChildJvm start(String name, Path folder, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        String cpus = System.getProperty(CPUS, "");
        if (!cpus.isEmpty()) {
            command.addAll(List.of("taskset", "-c", cpus));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        Path log = folder.resolve(name + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        // Who interrupts a measurement must not find its servers busy in the next one.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end-" + name));
        return new ChildJvm(name, process, log);
    }

    /** Returns a jar that a build left. */
    public static Path built(Path root, String jar) {
        Path file = root.resolve(jar);
        if (!Files.isRegularFile(file)) {
            throw new IllegalStateException(
                    "%s: not there (expected: a file that mvn package leaves; --root names the folder of the sources)"
                            .formatted(file));
        }
        return file;
    }

    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Returns whether somebody listens on a port of this machine. */
    public static boolean isOpen(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("localhost", port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits until it answers; fails with its last words when it ends before, or does not in time. */
    public void await(BooleanSupplier answers, Duration patience) throws InterruptedException, IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (!answers.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
                throw new IllegalStateException("%s does not answer (expected: within %d s): %s"
                        .formatted(
                                name,
                                patience.toSeconds(),
                                String.join(
                                        " | ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()))));
            }
            Thread.sleep(100);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Asks it to end (SIGTERM) and waits until it has; one that does not is killed. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
