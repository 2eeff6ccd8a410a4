package io.foresell.benchmarks.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A folder whose disk can be made full: a file system of a few MiB in memory where this process may mount one, else the folder is made
 * unwritable, which services see as the same failure of every write. Closing takes it away with all that is in it.
 */
final class FillableFolder implements AutoCloseable {
    private static final int MEBIBYTES = 64;
    private static final int BLOCK_BYTES = 64 << 10;
    private static final long COMMAND_SECONDS = 10;

    private final Path folder;
    private final boolean isMounted;

    private FillableFolder(Path folder, boolean isMounted) {
        this.folder = folder;
        this.isMounted = isMounted;
    }

    /** Makes one below a folder. */
    static FillableFolder below(Path parent) throws IOException {
        Path folder = Files.createDirectory(parent.resolve("disk"));
        boolean isMounted =
                run("mount", "-t", "tmpfs", "-o", "size=%dm".formatted(MEBIBYTES), "tmpfs", folder.toString());
        return new FillableFolder(folder, isMounted);
    }

    private static boolean run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no such command
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    Path path() {
        return folder;
    }

    /** Returns how the disk is made full. */
    String how() {
        return isMounted
                ? "a file system of %d MiB, filled to the last byte".formatted(MEBIBYTES)
                : "folders without the right to write";
    }

    /** Leaves no room for a byte. */
    void fill() throws IOException {
        if (!isMounted) {
            setWritable(false);
            return;
        }
        byte[] block = new byte[BLOCK_BYTES];
        try (var out = Files.newOutputStream(folder.resolve("filler"))) {
            for (int size = BLOCK_BYTES; size > 0; ) {
                try {
                    out.write(block, 0, size);
                } catch (IOException e) {
                    size /= 2; // full but for less than this
                }
            }
        }
    }

    /** Makes room again. */
    void free() throws IOException {
        if (isMounted) {
            Files.deleteIfExists(folder.resolve("filler"));
        } else {
            setWritable(true);
        }
    }

    private void setWritable(boolean isWritable) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.filter(Files::isDirectory).toList()) {
                Files.setPosixFilePermissions(
                        each, PosixFilePermissions.fromString(isWritable ? "rwx------" : "r-x------"));
            }
        }
    }

    @Override
    public void close() throws IOException {
        free();
        if (isMounted) {
            run("umount", folder.toString());
        }
    }
}
