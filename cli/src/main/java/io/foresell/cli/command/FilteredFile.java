package io.foresell.cli.command;

import io.foresell.cli.source.CsvFile;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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

    private static void run(Path source, String command, Path folder, Path target) {
        try {
            Process process = new ProcessBuilder(List.of("sh", "-c", command))
                    .directory(folder.toFile())
                    .redirectOutput(target.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (InputStream text = CsvFile.text(source)) {
                copy(text, process);
                int code = process.waitFor();
                if (code != 0) {
                    throw new ServiceException(Failure.invalid(
                            "COMMAND_FAILED", "through: '%s' ended with %d (expected: 0)".formatted(command, code)));
                }
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }

    /** A command may end before it has read everything; its exit code then says whether it meant to. */
    private static void copy(InputStream text, Process process) throws IOException {
        byte[] chunk = new byte[1 << 16];
        try (OutputStream out = process.getOutputStream()) {
            for (int count = text.read(chunk); count >= 0 && process.isAlive(); count = text.read(chunk)) {
                out.write(chunk, 0, count);
            }
        } catch (IOException e) {
            if (process.isAlive()) {
                throw e;
            }
        }
    }

    Path file() {
        return file;
    }

    @Override
    public void close() {
        if (isTemporary) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
