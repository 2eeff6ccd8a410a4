package io.foresell.training.registry;

import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of packages into the registry: received or staged, checked, stored, signed, and made versions by a compare-and-set. Thread-safe. */
public final class Publications {
    private static final Logger log = LoggerFactory.getLogger(Publications.class);
    private static final int MAX_OPEN_PUBLICATIONS = 16;
    private static final int MAX_CHECKS_AT_ONCE = 2; // each holds a package and its scorer in memory

    private final ModelStore models;
    private final PackageStore packages;
    private final SignatureStore signatures;
    private final RegistryConfig config;
    private final Clock clock;
    private final MeterRegistry meters;
    private final DistributionSummary publishedBytes;
    private final Semaphore places = new Semaphore(MAX_OPEN_PUBLICATIONS);
    private final Semaphore checks = new Semaphore(MAX_CHECKS_AT_ONCE, true);

    Publications(
            ModelStore models,
            PackageStore packages,
            SignatureStore signatures,
            RegistryConfig config,
            Clock clock,
            MeterRegistry meters) {
        this.models = models;
        this.packages = packages;
        this.signatures = signatures;
        this.config = config;
        this.clock = clock;
        this.meters = meters;
        meters.counter("registry_publish", "outcome", "ok");
        this.publishedBytes = DistributionSummary.builder("registry_published")
                .baseUnit("bytes")
                .register(meters);
    }

    /**
     * Opens a scratch file for a package to publish. At most {@value #MAX_OPEN_PUBLICATIONS} are open at once.
     *
     * @throws ServiceException RESOURCE_EXHAUSTED when too many are open
     */
    public Publication open(String model, String digest, String jobId) {
        Names.require("header.model", model);
        if (!digest.matches("[0-9a-f]{64}")) {
            throw new ServiceException(
                    Failure.invalid("DIGEST_INVALID", "header.digest", digest, "64 lower-case hex digits"));
        }
        if (!places.tryAcquire()) {
            throw new ServiceException(Failure.exhausted(
                    "TOO_MANY_PUBLICATIONS",
                    "open publications: %d (expected: at most %d)"
                            .formatted(MAX_OPEN_PUBLICATIONS + 1, MAX_OPEN_PUBLICATIONS),
                    Duration.ofSeconds(1)));
        }
        try {
            return new Publication(
                    model, digest, jobId, new IncomingPackage(config.scratchFolder(), config.maxPackageBytes()));
        } catch (RuntimeException | Error e) {
            places.release();
            throw e;
        }
    }

    /** A package being published. Closing it, at most once effective, gives up what was not registered. Not thread-safe. */
    public final class Publication implements AutoCloseable {
        private final String model;
        private final String digest;
        private final String jobId;
        private final IncomingPackage incoming;
        private boolean isClosed;

        private Publication(String model, String digest, String jobId, IncomingPackage incoming) {
            this.model = model;
            this.digest = digest;
            this.jobId = jobId;
            this.incoming = incoming;
        }

        /** Returns where the bytes go. */
        public IncomingPackage incoming() {
            return incoming;
        }

        /**
         * Checks the package, stores it, and registers it as the next version; the same digest again gives the version it
         * has. Call once, after all bytes are written.
         *
         * @throws ServiceException DATA_LOSS when the digest differs, INVALID_ARGUMENT for an unsound package
         */
        public ModelVersion publish() {
            ModelVersion version = register();
            count("ok");
            return version;
        }

        private ModelVersion register() {
            String actual = incoming.finish();
            if (!actual.equals(digest)) {
                throw new ServiceException(Failure.dataLoss(
                        "DIGEST_MISMATCH",
                        "header.digest: %s (expected: %s of the bytes received)".formatted(digest, actual)));
            }
            Optional<ModelVersion> existing = models.versionByDigest(models.read(model), digest);
            if (existing.isPresent()) {
                return existing.get();
            }
            PackageCheck.Sound sound = checked(incoming.file(), model);
            String fileId = packages.put(incoming.file(), digest, model);
            signatures.sign(digest);
            ModelVersion version = models.change(model, state -> next(state, sound, fileId));
            if (version.fileId().equals(fileId)) {
                publishedBytes.record((double) version.packageBytes());
                log.info(
                        "published model={} version={} digest={} bytes={} engine={}",
                        model,
                        version.version(),
                        digest,
                        version.packageBytes(),
                        version.engine());
            } else {
                packages.delete(fileId); // another publication of the same package came first
            }
            return version;
        }

        private ModelStore.Change<ModelVersion> next(ModelState state, PackageCheck.Sound sound, String fileId) {
            return models.versionByDigest(state, digest)
                    .map(existing -> new ModelStore.Change<>(existing, null))
                    .orElseGet(() -> {
                        ModelVersion version = new ModelVersion(
                                model,
                                state.versionCount() + 1,
                                digest,
                                incoming.packageBytes(),
                                fileId,
                                now(),
                                jobId.isEmpty() ? sound.manifest().getJobId() : jobId,
                                sound.manifest(),
                                sound.engine(),
                                sound.fallbackReason(),
                                List.of());
                        return new ModelStore.Change<>(version, state.withVersion(version));
                    });
        }

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                incoming.close();
                places.release();
            }
        }
    }

    /**
     * Checks a package file and stores it, without making it a version yet. What is staged and not published within hours is swept.
     *
     * @throws ServiceException INVALID_ARGUMENT for an unsound package or one that is too large
     */
    public StagedPackage stage(String model, Path file) {
        Names.require("model", model);
        try {
            long bytes = Files.size(file);
            if (bytes > config.maxPackageBytes()) {
                throw new ServiceException(
                        Failure.invalid("PACKAGE_TOO_LARGE", "package_bytes", bytes, "1.." + config.maxPackageBytes()));
            }
            String digest = Digests.of(file);
            PackageCheck.Sound sound = checked(() -> PackageCheck.checkAndTime(file, model));
            String fileId = packages.put(file, digest, model);
            return new StagedPackage(
                    model,
                    digest,
                    bytes,
                    fileId,
                    sound.p99Micros(),
                    sound.engine(),
                    sound.fallbackReason(),
                    sound.manifest());
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "SCRATCH_UNREADABLE", "package file: %s (expected: readable)".formatted(e.getMessage())),
                    e);
        }
    }

    /** Says whether the file of a staged package is still in the store. */
    public boolean isStaged(StagedPackage staged) {
        return packages.exists(staged.fileId());
    }

    /**
     * Makes a staged package the next version. The same job and candidate again gives the version made the first time, whoever asks
     * and however the bytes differ; so does the same digest.
     *
     * @param candidate names the candidate, as the package's provenance does
     * @param gates looks at the gates in the very state of the model to which the version is added
     */
    public ModelVersion publish(StagedPackage staged, String jobId, String candidate, GateJudge gates) {
        String model = staged.model();
        signatures.sign(staged.digest());
        ModelVersion version = models.change(model, state -> models.versionByJob(state, jobId, candidate)
                .or(() -> models.versionByDigest(state, staged.digest()))
                .map(existing -> new ModelStore.Change<>(existing, null))
                .orElseGet(() -> {
                    ModelVersion next = new ModelVersion(
                            model,
                            state.versionCount() + 1,
                            staged.digest(),
                            staged.packageBytes(),
                            staged.fileId(),
                            now(),
                            jobId,
                            staged.manifest(),
                            staged.engine(),
                            staged.fallbackReason(),
                            gates.judge(which -> models.champion(state, which)));
                    return new ModelStore.Change<>(next, state.withVersion(next));
                }));
        if (version.fileId().equals(staged.fileId())) { // another one's file is swept later
            publishedBytes.record((double) version.packageBytes());
            log.info(
                    "published model={} version={} job={} candidate={} digest={} bytes={} eligible={}",
                    model,
                    version.version(),
                    jobId,
                    candidate,
                    version.digest(),
                    version.packageBytes(),
                    version.isEligible());
        }
        count("ok");
        return version;
    }

    private PackageCheck.Sound checked(Path file, String model) {
        return checked(() -> PackageCheck.check(file, model));
    }

    private <T> T checked(Supplier<T> check) {
        checks.acquireUninterruptibly();
        try {
            return check.get();
        } catch (ServiceException e) {
            count(e.failure().reason());
            throw e;
        } finally {
            checks.release();
        }
    }

    /** Publishes a package that is in memory. */
    public ModelVersion publish(String model, String jobId, byte[] packageBytes) {
        String digest = HexFormat.of().formatHex(Digests.sha256().digest(packageBytes));
        try (Publication publication = open(model, digest, jobId)) {
            publication.incoming().write(java.nio.ByteBuffer.wrap(packageBytes));
            return publication.publish();
        }
    }

    private void count(String outcome) {
        meters.counter("registry_publish", "outcome", outcome).increment();
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis()); // the store keeps milliseconds
    }
}
