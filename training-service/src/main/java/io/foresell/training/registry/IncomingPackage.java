package io.foresell.training.registry;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A package on its way in: written to a scratch file of bounded size while its digest is computed. Closing deletes the file. Not thread-safe. */
public final class IncomingPackage implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(IncomingPackage.class);

    private static final String PREFIX = "incoming-";

    private final Path file;
    private final OutputStream out;
    private final MessageDigest sha256 = Digests.sha256();
    private final long maxBytes;
    private long packageBytes;

    IncomingPackage(Path folder, long maxBytes) {
        this.maxBytes = maxBytes;
        try {
            this.file = Files.createTempFile(folder, PREFIX, ".package");
            this.out = Files.newOutputStream(file);
        } catch (IOException e) {
            throw scratchFailure(folder, e);
        }
    }

    /**
     * Makes the folder ready and deletes what a crashed process left there long ago.
     *
     * @throws ServiceException FAILED_PRECONDITION when nothing can be written there
     */
    static void prepare(Path folder, Instant leftBefore) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, PREFIX, ".probe"));
            try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, PREFIX + "*")) {
                for (Path leftover : leftovers) {
                    if (Files.getLastModifiedTime(leftover).toInstant().isBefore(leftBefore)) {
                        Files.deleteIfExists(leftover);
                    }
                }
            }
        } catch (IOException e) {
            throw scratchFailure(folder, e);
        }
    }

    private static ServiceException scratchFailure(Path path, IOException cause) {
        return new ServiceException(
                Failure.precondition(
                        "SCRATCH_UNWRITABLE",
                        "scratch.folder: %s (expected: a writable folder with space): %s"
                                .formatted(path, cause.getMessage())),
                cause);
    }

    /**
     * Appends the next bytes.
     *
     * @throws ServiceException INVALID_ARGUMENT when the package becomes larger than allowed
     */
    public void write(ByteBuffer bytes) {
        packageBytes += bytes.remaining();
        if (packageBytes > maxBytes) {
            throw new ServiceException(
                    Failure.invalid("PACKAGE_TOO_LARGE", "package_bytes", "more than " + maxBytes, "1.." + maxBytes));
        }
        byte[] chunk = new byte[bytes.remaining()];
        bytes.get(chunk);
        sha256.update(chunk);
        try {
            out.write(chunk);
        } catch (IOException e) {
            throw scratchFailure(file, e);
        }
    }

    /** Ends writing and returns the digest of everything written. Call once. */
    String finish() {
        try {
            out.close();
        } catch (IOException e) {
            throw scratchFailure(file, e);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    Path file() {
        return file;
    }

    long packageBytes() {
        return packageBytes;
    }

    @Override
    public void close() {
        try {
            out.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.warn("scratch file not deleted file={}", file, e);
        }
    }
}
