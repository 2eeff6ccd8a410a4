package io.foresell.inference.load;

import io.foresell.inference.fetch.PackageSource;
import io.foresell.inference.fetch.PackageStore;
import io.foresell.inference.fetch.PackageTrust;
import io.foresell.inference.fetch.RoutedVersion;
import io.foresell.inference.route.RowCost;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.VersionMeters;
import io.foresell.model.PackageException;
import io.foresell.model.pack.ModelPackage;
import io.foresell.onnxruntime.RunnablePackage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one version ready: from disk or the registry, verified, compiled or given to ONNX Runtime, replayed, warm. */
public final class VersionLoader {
    private static final Logger log = LoggerFactory.getLogger(VersionLoader.class);

    private final PackageStore store;
    private final PackageSource source;
    private final PackageTrust trust;
    private final int onnxRuntimeThreads;
    private final MeterRegistry meters;
    private final Timer loadTimer;
    private final WarmUp warmUp = new WarmUp();

    public VersionLoader(
            PackageStore store,
            PackageSource source,
            PackageTrust trust,
            int onnxRuntimeThreads,
            MeterRegistry meters) {
        this.store = store;
        this.source = source;
        this.trust = trust;
        this.onnxRuntimeThreads = onnxRuntimeThreads;
        this.meters = meters;
        this.loadTimer = Timer.builder("model_load")
                .description("Time from a package on disk to a version ready to serve")
                .register(meters);
    }

    /**
     * Loads a version; takes from milliseconds to minutes.
     *
     * @param known what a row costs, when the version was loaded before in this process: callers wait then, and the code is warm
     * @throws PackageException when the package is refused
     * @throws io.foresell.kit.ServiceException when it cannot be fetched, or no trusted key signed it
     */
    ServedVersion load(String model, RoutedVersion version, @Nullable RowCost known) throws IOException {
        byte[] bytes = verified(model, version);
        long startNanos = System.nanoTime();
        ModelPackage modelPackage = ModelPackage.read(bytes);
        if (!modelPackage.manifest().getModel().equals(model)) {
            throw new PackageException(
                    PackageException.Reason.BAD_MANIFEST,
                    "model: '%s' (expected: '%s')"
                            .formatted(modelPackage.manifest().getModel(), model));
        }
        RunnablePackage loaded = RunnablePackage.load(modelPackage, onnxRuntimeThreads);
        if (!loaded.fallbackReason().isEmpty()) {
            log.info("not compiled, using onnxruntime cause=\"{}\"", loaded.fallbackReason());
        }
        RowCost rowCost = known == null
                ? warmUp.first(modelPackage, loaded.scorer())
                : WarmUp.again(modelPackage, loaded.scorer(), known);
        Duration loadTime = Duration.ofNanos(System.nanoTime() - startNanos);
        loadTimer.record(loadTime);
        long memoryBytes = MemoryMeter.bytesOf(loaded.modelPackage(), loaded.scorer());
        log.info(
                "version ready model={} version={} engine={} bytes={} memory_bytes={} load_millis={}",
                model,
                version.version(),
                loaded.scorer().engine(),
                bytes.length,
                memoryBytes,
                loadTime.toMillis());
        return new ServedVersion(
                version.version(),
                modelPackage,
                loaded.scorer(),
                loaded.fallbackReason(),
                loadTime,
                rowCost,
                new VersionMeters(meters, model, version.version()),
                memoryBytes);
    }

    /** Returns whether the package is on disk; its bytes are verified when it is loaded. */
    boolean isOnDisk(RoutedVersion version) {
        return store.has(version.digest());
    }

    /**
     * Has a package on disk, verified.
     *
     * @throws io.foresell.kit.ServiceException when it cannot be fetched, or no trusted key signed it
     */
    void fetch(String model, RoutedVersion version) throws IOException {
        var unused = verified(model, version);
    }

    private byte[] verified(String model, RoutedVersion version) throws IOException {
        byte[] bytes = bytesOf(model, version);
        trust.require(model, version);
        return bytes;
    }

    private byte[] bytesOf(String model, RoutedVersion version) throws IOException {
        Optional<byte[]> cached = store.read(version.digest());
        if (cached.isPresent()) {
            if (ModelPackage.digestOf(cached.get()).equals(version.digest())) {
                return cached.get();
            }
            log.warn("package on disk is corrupted, fetching it again digest={}", version.digest());
            store.discard(version.digest());
        }
        source.fetch(model, version, store);
        return store.read(version.digest())
                .orElseThrow(() -> new IOException("package is gone after its download: " + version.digest()));
    }
}
