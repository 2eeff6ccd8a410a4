package io.foresell.training.serve.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A started process with its two streams being read. Closing ends it: by SIGTERM, and by SIGKILL where that does not do. */
final class ChildProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ChildProcess.class);
    private static final int TAIL_LINES = 12;
    private static final int MAX_LINE_CHARS = 4 << 20;
    private static final long TERM_MILLIS = 500;
    private static final long JOIN_MILLIS = 2_000;

    private final Process process;
    private final Thread outReader;
    private final Thread errReader;
    private final Deque<String> tail = new ArrayDeque<>(); // guarded by itself

    private ChildProcess(Process process, Consumer<String> line, Path logFile) {
        this.process = process;
        this.outReader = reader("out", () -> readLines(line));
        this.errReader = reader("err", () -> copyLog(logFile));
    }

    /**
     * Starts a process and reads it.
     *
     * @param line hears every line of its standard output, on a thread of its own
     * @param logFile gets its standard error, at most 8 MiB of it
     */
    static ChildProcess start(ProcessBuilder builder, Consumer<String> line, Path logFile) throws IOException {
        ChildProcess child = new ChildProcess(builder.start(), line, logFile);
        child.outReader.start();
        child.errReader.start();
        return child;
    }

    private Thread reader(String stream, Runnable reading) {
        Thread thread = new Thread(reading, "training-%s-%d".formatted(stream, process.pid()));
        thread.setDaemon(true);
        return thread;
    }

    private void readLines(Consumer<String> heard) {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next != '\n') {
                    if (line.length() < MAX_LINE_CHARS) {
                        line.append((char) next);
                    }
                } else {
                    heard.accept(line.toString());
                    line.setLength(0);
                }
            }
        } catch (IOException e) {
            log.debug("standard output broke pid={}", process.pid(), e);
        } catch (RuntimeException e) {
            log.error("events of a training process not read pid={}", process.pid(), e);
        }
    }

    private void copyLog(Path logFile) {
        try (InputStream in = process.getErrorStream();
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
                LogFile file = new LogFile(logFile)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                keep(line);
                file.write(line);
            }
        } catch (IOException e) {
            log.warn("standard error broke pid={} error={}", process.pid(), e.toString());
        }
    }

    private void keep(String line) {
        synchronized (tail) {
            tail.addLast(line.length() <= 500 ? line : line.substring(0, 500));
            if (tail.size() > TAIL_LINES) {
                tail.removeFirst();
            }
        }
    }

    /** Returns the last lines of its standard error. */
    List<String> lastLines() {
        synchronized (tail) {
            return List.copyOf(tail);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Waits; says whether the process has ended. */
    boolean hasEnded(long millis) throws InterruptedException {
        return process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** Returns the exit code once the process has ended and everything it said was read. */
    int exitCode() throws InterruptedException {
        int code = process.waitFor();
        outReader.join(JOIN_MILLIS);
        errReader.join(JOIN_MILLIS);
        return code;
    }

    /** Ends the process at once. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        if (!process.isAlive()) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(TERM_MILLIS, TimeUnit.MILLISECONDS)) {
                kill();
                process.waitFor();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }
}
