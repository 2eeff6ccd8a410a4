package io.foresell.standalone.process;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A JVM running one of our jars, with its output in a file. */
public final class ChildProcess implements AutoCloseable {
    /** The top of the repository; tests run in their module's folder. */
    public static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    /** Below the ports that Linux gives to outgoing connections: nobody takes one between the question and its use. */
    private static final int FIRST_PORT = 10_000;

    /** The HTTP side of a service lies 100 above its port: each JVM of tests asks in a range of 200. */
    private static final int HTTP_OFFSET = 100;

    private static final AtomicInteger ASKED_PORTS = new AtomicInteger();

    private final Process process;
    private final Path output;

    private ChildProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts {@code java -jar}; output goes to a file in {@code folder}. */
    public static ChildProcess jar(Path folder, Path jar, List<String> jvmOptions, List<String> arguments)
            throws IOException {
        return jar(folder, jar, jvmOptions, arguments, Map.of());
    }

    /** Starts {@code java -jar} with more variables of the environment. */
    public static ChildProcess jar(
            Path folder, Path jar, List<String> jvmOptions, List<String> arguments, Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        // C1 alone: these processes start much and compute little, and C2 would take half of the processor.
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", jar.toString()));
        command.addAll(arguments);
        Path output = Files.createTempFile(folder, jar.getFileName().toString(), ".out");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(Map.of("OMP_NUM_THREADS", "2", "OMP_WAIT_POLICY", "passive"));
        builder.environment().putAll(environment);
        return new ChildProcess(builder.start(), output);
    }

    /** Returns a port that is free, as is the one for HTTP above it; no two calls in a JVM return the same. */
    public static int freePort() throws IOException {
        int range =
                FIRST_PORT + 2 * HTTP_OFFSET * (int) (ProcessHandle.current().pid() % 100);
        for (int asked = 0; asked < HTTP_OFFSET; asked++) {
            int port = range + ASKED_PORTS.getAndIncrement() % HTTP_OFFSET;
            if (isFree(port) && isFree(port + HTTP_OFFSET)) {
                return port;
            }
        }
        throw new IOException("ports %d..%d: all taken".formatted(range, range + HTTP_OFFSET - 1));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    public long pid() {
        return process.pid();
    }

    public String output() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /** Waits until the output holds the text; fails with the output when the process ends or time runs out. */
    public void awaitOutput(String text, Duration patience) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!output().contains(text)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new AssertionError("no '%s' in the output of pid %d, alive %s:%n%s"
                        .formatted(text, process.pid(), process.isAlive(), output()));
            }
            Thread.sleep(20);
        }
    }

    /** Kills with SIGKILL: nothing of the process runs any more. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Asks with SIGTERM and returns the exit code. */
    public int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("still running 60 s after SIGTERM");
        }
        return process.exitValue();
    }

    /** Waits for the end by itself and returns the exit code. */
    public int awaitEnd(Duration patience) throws InterruptedException, IOException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running:\n" + output());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
    }
}
