package io.foresell.benchmarks.own;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A server in a process of its own, so that it shares no more with the load generator than the services do. Closing ends it. The system
 * property {@value #CPUS} names the processors it may run on, as {@code taskset -c} takes them; unset, it runs where this process does.
 */
public final class ChildJvm implements AutoCloseable {
    private static final String CPUS = "server.cpus";
    private static final int TAIL_LINES = 8;
    private static final long STOP_SECONDS = 15;
    private static final Duration PATIENCE = Duration.ofMinutes(3); // of a busy machine
    private static final int LOWEST_PORT = 15_000;
    private static final int FIRST_EPHEMERAL_PORT =
            32_768; // Linux, net.ipv4.ip_local_port_range; other systems begin higher
    private static final int MAX_PORT_TRIES = 100;

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

    /**
     * Returns a port that nobody listens on. It is none of those that systems hand out by themselves: until a child listens on it, which takes
     * seconds, another process that asks for any port would be given it.
     */
    public static int freePort() throws IOException {
        for (int attempt = 0; attempt < MAX_PORT_TRIES; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, FIRST_EPHEMERAL_PORT);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Somebody else's: another one.
            }
        }
        throw new IOException("no free port among %d tried of %d..%d"
                .formatted(MAX_PORT_TRIES, LOWEST_PORT, FIRST_EPHEMERAL_PORT - 1));
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

    /** Waits until it answers; fails as {@link #awaitValue} does. */
    public void await(BooleanSupplier answers) throws InterruptedException, IOException {
        var unused = awaitValue(() -> answers.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /** Waits until it answers something and returns that; fails with its last words when it ends before, or does not in time. */
    public <T> T awaitValue(Supplier<Optional<T>> answer) throws InterruptedException, IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Optional<T> value = answer.get();
        while (value.isEmpty()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
                throw new IllegalStateException("%s does not answer (expected: within %d s): %s"
                        .formatted(
                                name,
                                PATIENCE.toSeconds(),
                                String.join(
                                        " | ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()))));
            }
            Thread.sleep(100);
            value = answer.get();
        }
        return value.get();
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
