package io.foresell.training.registry;

import com.mongodb.client.MongoDatabase;
import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.kit.sign.PackageSignature;
import io.foresell.kit.sign.SigningKey;
import io.foresell.model.PackageException;
import io.foresell.model.pack.ModelPackage;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps every version ever published; {@link Releases} says which of them serve. Every change is a compare-and-set with its history. Thread-safe. */
public final class ModelRegistry {
    private static final Logger log = LoggerFactory.getLogger(ModelRegistry.class);
    private static final int MAX_OPEN_PUBLICATIONS = 16;
    private static final int MAX_REPORTS_AT_ONCE = 4; // each holds a package in the scratch folder
    private static final int MAX_CHECKS_AT_ONCE = 2; // each holds a package and its scorer in memory
    private static final Duration ORPHAN_AGE = Duration.ofHours(6);

    private final ModelStore models;
    private final PackageStore packages;
    private final SignatureStore signatures;
    private final Releases releases;
    private final RegistryConfig config;
    private final Clock clock;
    private final Semaphore publications = new Semaphore(MAX_OPEN_PUBLICATIONS);
    private final Semaphore reports = new Semaphore(MAX_REPORTS_AT_ONCE);
    private final Semaphore checks = new Semaphore(MAX_CHECKS_AT_ONCE, true);
    private final MeterRegistry meters;
    private final DistributionSummary publishedBytes;

    /**
     * Connects nothing yet.
     *
     * @throws ServiceException FAILED_PRECONDITION when the scratch folder cannot be written
     */
    public ModelRegistry(MongoDatabase database, RegistryConfig config, Clock clock, MeterRegistry meters) {
        this(database, config, clock, meters, Optional.empty());
    }

    /**
     * Connects nothing yet.
     *
     * @param signer the key that signs every package published, as it is at that time
     * @throws ServiceException FAILED_PRECONDITION when the scratch folder cannot be written
     */
    public ModelRegistry(
            MongoDatabase database,
            RegistryConfig config,
            Clock clock,
            MeterRegistry meters,
            Optional<Supplier<SigningKey>> signer) {
        IncomingPackage.prepare(config.scratchFolder(), clock.instant().minus(ORPHAN_AGE));
        this.models = new ModelStore(database);
        this.packages = new PackageStore(database);
        this.signatures = new SignatureStore(database, clock, signer);
        this.releases = new Releases(models, this::form, clock);
        this.config = config;
        this.clock = clock;
        this.meters = meters;
        for (String operation : List.of("publish", "download")) {
            meters.counter("registry_" + operation, "outcome", "ok");
        }
        this.publishedBytes = DistributionSummary.builder("registry_published")
                .baseUnit("bytes")
                .register(meters);
    }

    private Fallbacks.Form form(ModelVersion version) {
        try (OpenPackage open = openVersion(version.model(), version.version())) {
            ModelPackage modelPackage = open.modelPackage();
            return new Fallbacks.Form(Set.copyOf(modelPackage.answer().labels()), modelPackage.signature());
        }
    }

    /** Makes the store ready; call whenever it was away. Repeating it changes nothing. */
    public void prepare() {
        models.createIndexes();
        signatures.createIndexes();
    }

    /**
     * Returns the signatures of the package of a version.
     *
     * @throws ServiceException NOT_FOUND when no version of the model has that package
     */
    public List<PackageSignature> signatures(String model, String digest) {
        requirePackage(model, digest);
        return signatures.of(digest);
    }

    /**
     * Keeps a signature of the package of a version.
     *
     * @throws ServiceException NOT_FOUND when no version of the model has that package, FAILED_PRECONDITION when it has too many
     */
    public void addSignature(String model, String digest, PackageSignature signature) {
        requirePackage(model, digest);
        signatures.add(digest, signature);
    }

    private void requirePackage(String model, String digest) {
        if (models.versionByDigest(models.known(model), digest).isEmpty()) {
            throw new ServiceException(Failure.notFound("package", digest, "the digest of a version of the model"));
        }
    }

    /** Returns which versions serve. */
    public Releases releases() {
        return releases;
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
        if (!publications.tryAcquire()) {
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
            publications.release();
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
            count("publish", "ok");
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
                publications.release();
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
                            gates.judge(which -> champion(state, which)));
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
        count("publish", "ok");
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
            count("publish", e.failure().reason());
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

    /** Returns all models by name. */
    public List<ModelSummary> models() {
        List<ModelState> states = models.readAll();
        Map<String, Integer> latest = new TreeMap<>();
        states.forEach(state -> latest.put(state.model(), state.versionCount()));
        Map<String, ModelVersion> versions = new TreeMap<>();
        models.versions(states, latest).forEach(version -> versions.put(version.model(), version));
        List<ModelSummary> summaries = new ArrayList<>();
        for (ModelState state : states) {
            ModelVersion newest = versions.get(state.model());
            if (newest != null) {
                summaries.add(new ModelSummary(
                        state.model(), newest, state.release(), state.aliases(), state.versionCount()));
            }
        }
        return summaries;
    }

    /** Returns the versions of a model, newest first, at most {@value ModelStore#MAX_LISTED}. */
    public List<ModelVersion> versions(String model) {
        return models.history(models.known(model), ModelDocuments.VERSIONS, ModelDocuments::toVersion);
    }

    /** Returns one version; NOT_FOUND when there is none. */
    public ModelVersion version(String model, int version) {
        return models.version(model, version)
                .orElseThrow(() -> ModelStore.unknownVersion(models.known(model), version));
    }

    /** Returns the version that an alias points to; NOT_FOUND when there is none. */
    public ModelVersion version(String model, String alias) {
        ModelState state = models.known(model);
        Integer version = state.aliases().get(alias);
        if (version == null) {
            throw new ServiceException(
                    Failure.notFound("alias", alias, "one of " + new TreeMap<>(state.aliases()).keySet())
                            .with("model", model));
        }
        return version(model, version);
    }

    /**
     * Returns the version that others are compared with; empty when there is none.
     *
     * @param which an alias or a number; empty means the version released with the greatest weight
     */
    public Optional<ModelVersion> champion(String model, String which) {
        return champion(models.read(Names.require("model", model)), which);
    }

    private Optional<ModelVersion> champion(ModelState state, String which) {
        Integer number = null;
        if (!which.isEmpty() && which.chars().allMatch(Character::isDigit)) {
            number = which.length() > 9 ? 0 : Integer.valueOf(which);
        } else if (!which.isEmpty()) {
            number = state.aliases().get(which);
        } else if (state.release() != null) {
            number = state.release().routes().stream()
                    .max(Comparator.comparingInt(Route::weight))
                    .map(Route::version)
                    .orElse(null);
        }
        return number == null ? Optional.empty() : models.version(state.model(), number);
    }

    /** Returns the newest version; empty when there is none. */
    public Optional<ModelVersion> newest(String model) {
        ModelState state = models.read(Names.require("model", model));
        return models.version(model, state.versionCount());
    }

    /** Returns the version that a job published for a candidate; empty when it did not. */
    public Optional<ModelVersion> publishedBy(String model, String jobId, String candidate) {
        return models.versionByJob(models.read(model), jobId, candidate);
    }

    /** Opens the package of a version. */
    public PackageDownload download(String model, int version) {
        ModelVersion found = version(model, version);
        return new PackageDownload(found, packages.open(found.fileId()));
    }

    /**
     * Returns the report of a version, one page of HTML in UTF-8 as it was published.
     *
     * @throws ServiceException NOT_FOUND when there is none, RESOURCE_EXHAUSTED when too many are being read
     */
    public byte[] report(String model, int version) {
        if (!reports.tryAcquire()) {
            throw new ServiceException(Failure.exhausted(
                    "TOO_MANY_REPORTS",
                    "reports being read: %d (expected: at most %d)"
                            .formatted(MAX_REPORTS_AT_ONCE + 1, MAX_REPORTS_AT_ONCE),
                    Duration.ofSeconds(1)));
        }
        try (PackageDownload download = download(model, version);
                IncomingPackage scratch = new IncomingPackage(config.scratchFolder(), Long.MAX_VALUE)) {
            return StoredReport.read(download, scratch, version(model, version));
        } finally {
            reports.release();
        }
    }

    /**
     * Opens a version to score rows here; its owner closes it.
     *
     * @throws ServiceException NOT_FOUND when there is none, RESOURCE_EXHAUSTED when too many packages are being read,
     *     FAILED_PRECONDITION when no engine here runs it
     */
    public OpenPackage openVersion(String model, int version) {
        if (!reports.tryAcquire()) {
            throw new ServiceException(Failure.exhausted(
                    "TOO_MANY_REPORTS",
                    "packages being read: %d (expected: at most %d)"
                            .formatted(MAX_REPORTS_AT_ONCE + 1, MAX_REPORTS_AT_ONCE),
                    Duration.ofSeconds(1)));
        }
        try (PackageDownload download = download(model, version);
                IncomingPackage scratch = new IncomingPackage(config.scratchFolder(), Long.MAX_VALUE)) {
            for (byte[] chunk = download.next(); chunk != null; chunk = download.next()) {
                scratch.write(java.nio.ByteBuffer.wrap(chunk));
            }
            String unusedDigest = scratch.finish(); // the download has proven it
            return OpenPackage.of(ModelPackage.read(scratch.file()), 1);
        } catch (IOException | PackageException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "PACKAGE_UNUSABLE",
                            "package of %s@%d: %s (expected: one that runs here)"
                                    .formatted(model, version, e.getMessage())),
                    e);
        } finally {
            reports.release();
        }
    }

    /** Deletes package files that no version points to and that are too old to belong to a publication under way. */
    public void sweepOrphans() {
        for (String fileId : packages.storedBefore(now().minus(ORPHAN_AGE))) {
            if (!models.isReferenced(fileId)) {
                packages.delete(fileId);
                log.info("orphaned package deleted file_id={}", fileId);
            }
        }
    }

    private void count(String operation, String outcome) {
        meters.counter("registry_" + operation, "outcome", outcome).increment();
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis()); // the store keeps milliseconds
    }
}
