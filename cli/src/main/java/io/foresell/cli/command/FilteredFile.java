package io.foresell.cli.command;

import io.foresell.cli.source.CsvFile;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/** A file, or what a shell command made of it, which is gone once closed. */
final class FilteredFile implements AutoCloseable {
    /** What a command may take where nothing else is said. */
    static final int USUAL_SECONDS = 600;

    private static final int MOST_SECONDS = 86_400;

    private final Path file;
    private final boolean isTemporary;

    private FilteredFile(Path file, boolean isTemporary) {
        this.file = file;
        this.isTemporary = isTemporary;
    }

    /**
     * Runs the text of a file, plain or gzip, through a command.
     *
     * @param command for the shell; empty takes the file as it is
     * @param seconds how long the command may run; then it is ended with everything it started. 0 means {@value #USUAL_SECONDS}
     * @param folder where the command runs
     * @throws ServiceException INVALID_ARGUMENT with the command's exit code when it is not 0, FAILED_PRECONDITION when it takes too long
     */
    static FilteredFile of(Path source, String command, double seconds, Path folder) {
        if (!(seconds >= 0 && seconds <= MOST_SECONDS)) {
            throw new ServiceException(Failure.invalid(
                    "SUITE_INVALID",
                    "ingest.through_seconds: %s (expected: above 0, at most %d, or absent for %d)"
                            .formatted(seconds, MOST_SECONDS, USUAL_SECONDS)));
        }
        if (command.isEmpty()) {
            return new FilteredFile(source, false);
        }
        FilteredFile filtered = new FilteredFile(temporary(), true);
        try {
            run(source, command, seconds == 0 ? USUAL_SECONDS : seconds, folder, filtered.file);
            return filtered;
        } catch (RuntimeException e) {
            filtered.close();
            throw e;
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempFile("foresell-", ".csv");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command reads a file, not a pipe: it may end before it has read everything. */
    private static void run(Path source, String command, double seconds, Path folder, Path target) {
        Path plain = temporary();
        try (InputStream text = CsvFile.text(source)) {
            Files.copy(text, plain, StandardCopyOption.REPLACE_EXISTING);
            Process process = new ProcessBuilder(List.of("sh", "-c", command))
                    .directory(folder.toFile())
                    .redirectInput(plain.toFile())
                    .redirectOutput(target.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            int code = ended(process, command, seconds);
            if (code != 0) {
                throw new ServiceException(Failure.invalid(
                        "COMMAND_FAILED", "through: '%s' ended with %d (expected: 0)".formatted(command, code)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(plain);
        }
    }

    private static int ended(Process process, String command, double seconds) {
        try {
            if (process.waitFor((long) (seconds * 1e9), TimeUnit.NANOSECONDS)) {
                return process.exitValue();
            }
            throw new ServiceException(Failure.precondition(
                    "COMMAND_TIMED_OUT",
                    "through: '%s' still ran after %s s and was ended; none of its rows were sent (expected: done within through_seconds)"
                            .formatted(
                                    command,
                                    BigDecimal.valueOf(seconds)
                                            .stripTrailingZeros()
                                            .toPlainString())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a command ran");
        } finally {
            end(process.toHandle());
        }
    }

    /** Ends a process and everything it started: a shell that dies leaves the rest of its pipe running. */
    private static void end(ProcessHandle process) {
        List<ProcessHandle> started = process.children().toList();
        process.destroyForcibly();
        started.forEach(FilteredFile::end);
    }

    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path file() {
        return file;
    }

    @Override
    public void close() {
        if (isTemporary) {
            delete(file);
        }
    }
}
