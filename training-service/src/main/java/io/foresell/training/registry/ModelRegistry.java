package io.foresell.training.registry;

import com.mongodb.client.MongoDatabase;
import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.kit.sign.PackageSignature;
import io.foresell.kit.sign.SigningKey;
import io.foresell.model.PackageException;
import io.foresell.model.pack.ModelPackage;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
    private static final int MAX_REPORTS_AT_ONCE = 4; // each holds a package in the scratch folder
    private static final Duration ORPHAN_AGE = Duration.ofHours(6);

    private final ModelStore models;
    private final PackageStore packages;
    private final SignatureStore signatures;
    private final Releases releases;
    private final Publications publications;
    private final RegistryConfig config;
    private final Clock clock;
    private final Semaphore reports = new Semaphore(MAX_REPORTS_AT_ONCE);

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
        this.publications = new Publications(models, packages, signatures, config, clock, meters);
        meters.counter("registry_download", "outcome", "ok");
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

    /** Returns the way of packages into the registry. */
    public Publications publications() {
        return publications;
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
        return models.champion(models.read(Names.require("model", model)), which);
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

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis()); // the store keeps milliseconds
    }
}
