package io.foresell.inference.load;

import io.foresell.inference.fetch.PackageStore;
import io.foresell.inference.fetch.RegistryClient;
import io.foresell.inference.route.RowCost;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.VersionMeters;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.pack.ModelPackage;
import io.foresell.onnxruntime.RunnablePackage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads versions of long ago by digest, outside of what serves. Keeps the last one in memory, so that many replays of one version load it once.
 * Used by one thread.
 */
public final class RecordedVersions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RecordedVersions.class);
    private static final int MAX_PACKAGE_BYTES = 256 << 20; // the greatest there is

    /**
     * A version and where it came from.
     *
     * @param source "memory", "disk" or "registry"
     */
    public record Recorded(ServedVersion served, String source) {}

    private final PackageStore store;
    private final RegistryClient registry;
    private final int onnxRuntimeThreads;
    private @Nullable ServedVersion last;
    private @Nullable RunnablePackage lastRunnable;

    public RecordedVersions(PackageStore store, RegistryClient registry, int onnxRuntimeThreads) {
        this.store = store;
        this.registry = registry;
        this.onnxRuntimeThreads = onnxRuntimeThreads;
    }

    /**
     * Loads a version.
     *
     * @throws ServiceException DATA_LOSS when the registry holds another package under this version, else what it answered
     * @throws io.foresell.model.PackageException when the package does not run on this server
     */
    public Recorded load(String model, int version, String digest) {
        ServedVersion kept = last;
        if (kept != null && kept.digest().equals(digest)) {
            return new Recorded(kept, "memory");
        }
        close();
        try {
            Optional<byte[]> onDisk = store.read(digest)
                    .filter(bytes -> ModelPackage.digestOf(bytes).equals(digest));
            byte[] bytes = onDisk.isPresent() ? onDisk.get() : download(model, version, digest);
            RunnablePackage runnable = RunnablePackage.load(ModelPackage.read(bytes), onnxRuntimeThreads);
            ServedVersion loaded = new ServedVersion(
                    version,
                    runnable.modelPackage(),
                    runnable.scorer(),
                    runnable.fallbackReason(),
                    Duration.ZERO,
                    new RowCost(0, 0),
                    new VersionMeters(new SimpleMeterRegistry(), model, version));
            last = loaded;
            lastRunnable = runnable;
            log.info("version loaded for replay model={} version={} bytes={}", model, version, bytes.length);
            return new Recorded(loaded, onDisk.isPresent() ? "disk" : "registry");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] download(String model, int version, String digest) throws IOException {
        byte[] bytes = registry.read(model, version, MAX_PACKAGE_BYTES);
        String actual = ModelPackage.digestOf(bytes);
        if (!actual.equals(digest)) {
            throw new ServiceException(Failure.dataLoss(
                    "PACKAGE_CHANGED",
                    "digest of model '%s' version %d in the registry: %s (expected: %s, that of the prediction)"
                            .formatted(model, version, actual, digest)));
        }
        return bytes;
    }

    /** Lets the version in memory go. */
    @Override
    public void close() {
        RunnablePackage before = lastRunnable;
        last = null;
        lastRunnable = null;
        if (before != null) {
            before.close();
        }
    }
}
