package io.foresell.training.registry;

import com.mongodb.MongoGridFSException;
import com.mongodb.client.gridfs.GridFSDownloadStream;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Reads a package in order, and says at its end whether it was what was published. Not thread-safe. */
public final class PackageDownload implements AutoCloseable {
    private final ModelVersion version;
    private final GridFSDownloadStream in;
    private final MessageDigest sha256 = Digests.sha256();
    private boolean isFinished;

    PackageDownload(ModelVersion version, GridFSDownloadStream in) {
        this.version = version;
        this.in = in;
    }

    /**
     * Returns the next bytes, 1 to 1 MiB of them, or null at the end.
     *
     * @throws ServiceException DATA_LOSS when the stored bytes are incomplete or have another digest
     */
    public byte @Nullable [] next() {
        if (isFinished) {
            return null;
        }
        byte[] chunk = new byte[PackageStore.CHUNK_BYTES];
        int count = read(chunk);
        if (count < 0) {
            isFinished = true;
            requireDigest();
            return null;
        }
        sha256.update(chunk, 0, count);
        return count == chunk.length ? chunk : Arrays.copyOf(chunk, count);
    }

    private int read(byte[] chunk) {
        try {
            return in.read(chunk);
        } catch (MongoGridFSException e) {
            throw new ServiceException(lost(e.getMessage()), e);
        }
    }

    private void requireDigest() {
        String digest = HexFormat.of().formatHex(sha256.digest());
        if (!digest.equals(version.digest())) {
            throw new ServiceException(lost("digest is " + digest));
        }
    }

    private Failure lost(@Nullable String what) {
        return Failure.dataLoss(
                        "PACKAGE_DAMAGED",
                        "package of %s@%d: %s (expected: digest %s)"
                                .formatted(version.model(), version.version(), what, version.digest()))
                .with("model", version.model())
                .with("version", Integer.toString(version.version()))
                .with("digest", version.digest());
    }

    @Override
    public void close() {
        in.close();
    }
}
