package io.foresell.training.serve.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the first 8 MiB of what a process prints. On a full disk it keeps nothing more and says so once. One owner, not thread-safe. */
final class LogFile implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LogFile.class);
    private static final long MAX_BYTES = 8L << 20;

    private final Path path;
    private @Nullable OutputStream out;
    private long written;

    LogFile(Path path) {
        this.path = path;
        try {
            out = Files.newOutputStream(path);
        } catch (IOException e) {
            giveUp(e);
        }
    }

    void write(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        written += bytes.length;
        OutputStream open = out;
        if (open == null || written > MAX_BYTES) {
            return;
        }
        try {
            open.write(bytes);
            open.flush();
        } catch (IOException e) {
            giveUp(e);
        }
    }

    private void giveUp(IOException error) {
        log.warn("log of a training process not kept path={} error={}", path, error.toString());
        close();
    }

    @Override
    public void close() {
        OutputStream open = out;
        out = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                log.debug("log not closed path={}", path, e);
            }
        }
    }
}
