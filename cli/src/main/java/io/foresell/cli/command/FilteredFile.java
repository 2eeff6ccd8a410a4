package io.foresell.cli.command;

import io.foresell.cli.source.CsvFile;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CancellationException;

/** A file, or what a shell command made of it, which is gone once closed. */
final class FilteredFile implements AutoCloseable {
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
     * @param folder where the command runs
     * @throws ServiceException INVALID_ARGUMENT with the command's exit code when it is not 0
     */
    static FilteredFile of(Path source, String command, Path folder) {
        if (command.isEmpty()) {
            return new FilteredFile(source, false);
        }
        FilteredFile filtered = new FilteredFile(temporary(), true);
        try {
            run(source, command, folder, filtered.file);
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
    private static void run(Path source, String command, Path folder, Path target) {
        Path plain = temporary();
        try (InputStream text = CsvFile.text(source)) {
            Files.copy(text, plain, StandardCopyOption.REPLACE_EXISTING);
            Process process = new ProcessBuilder(List.of("sh", "-c", command))
                    .directory(folder.toFile())
                    .redirectInput(plain.toFile())
                    .redirectOutput(target.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            int code = ended(process);
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

    private static int ended(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a command ran");
        } finally {
            process.destroy();
        }
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
