package io.foresell.training.job;

import com.google.protobuf.ByteString;
import com.mongodb.client.MongoDatabase;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.training.registry.ModelRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The jobs of this service: asked for here, run here as far as they fit. Thread-safe; closing gives the jobs in work back to the queue. */
public final class TrainingJobs implements AutoCloseable {
    private static final int MAX_REQUEST_ID_LENGTH = 128;
    private static final int ID_LENGTH = 16;
    private static final Duration KEPT = Duration.ofDays(7);

    private final JobStore store;
    private final JobWorker worker;
    private final JobFeed feed;
    private final JobFolders folders;
    private final JobEncoding encoding;
    private final JobsConfig config;
    private final Clock clock;
    private final MeterRegistry meters;
    private volatile long queueLength;

    /** Ends a watch. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    public TrainingJobs(
            MongoDatabase database,
            JobsConfig config,
            JobEncoding encoding,
            JobRunner runner,
            ModelRegistry registry,
            Clock clock,
            MeterRegistry meters) {
        this.store = new JobStore(database, clock, config.lease());
        this.folders = new JobFolders(config.folder());
        this.worker = new JobWorker(store, runner, registry, encoding, config.budget(), folders, clock, meters);
        this.feed = new JobFeed(store, worker);
        this.encoding = encoding;
        this.config = config;
        this.clock = clock;
        this.meters = meters;
        for (JobState state : JobState.values()) {
            if (state.hasEnded()) {
                meters.counter("training_jobs", "state", state.name().toLowerCase(Locale.ROOT));
            }
        }
        meters.gauge("training_queue_length", this, jobs -> (double) jobs.queueLength);
    }

    /** Begins to work. */
    public void start() {
        worker.start();
        feed.start();
    }

    /** Makes the store ready; call whenever it was away. Repeating it changes nothing. */
    public void prepare() {
        store.createIndexes();
    }

    /** Deletes what ended jobs left on this machine long ago. */
    public void sweep() {
        folders.sweep(clock.instant().minus(KEPT));
    }

    /** Counts the waiting jobs for the gauge. */
    public void measure() {
        queueLength = store.countQueued();
    }

    /**
     * Puts a job in the queue, or returns the one that the same request made.
     *
     * @param spec checked by the caller
     * @param requestId empty means a new job
     * @param schedule what starts it; empty for a person
     * @throws ServiceException RESOURCE_EXHAUSTED when the queue is full, ALREADY_EXISTS when the request id made another job,
     *     INVALID_ARGUMENT when it asks for more than there is
     */
    public Job start(String model, ByteString spec, String requestId, String schedule) {
        JobOptions options = encoding.readOptions(spec);
        requireRoom(options);
        if (requestId.length() > MAX_REQUEST_ID_LENGTH) {
            throw new ServiceException(Failure.invalid(
                    "REQUEST_ID_INVALID",
                    "request_id",
                    requestId,
                    "0..%d characters".formatted(MAX_REQUEST_ID_LENGTH)));
        }
        String id = requestId.isEmpty() ? newId() : idOf(requestId);
        Optional<Job> existing = requestId.isEmpty() ? Optional.empty() : store.find(id);
        if (existing.isPresent()) {
            return same(existing.get(), spec, requestId);
        }
        Job job = Job.queued(id, model, spec, Instant.ofEpochMilli(clock.millis()), schedule);
        if (!insertBounded(job, options)) {
            return same(get(id), spec, requestId);
        }
        worker.wake();
        return job;
    }

    /**
     * Puts a job in the queue, or returns the one that the same request made, whatever it was asked then.
     *
     * @param spec asked for only when there is no such job yet; checked by the caller
     */
    public Job startOnce(String model, Supplier<ByteString> spec, String requestId, String schedule) {
        Optional<Job> existing = store.find(idOf(requestId));
        return existing.isPresent() ? existing.get() : start(model, spec.get(), requestId, schedule);
    }

    /** Refuses what would never start. In this process a job takes everything whatever it says. */
    private void requireRoom(JobOptions options) {
        if (config.mode() == JobsConfig.Mode.INSIDE) {
            return;
        }
        if (options.threads() > config.cores()) {
            throw new ServiceException(Failure.invalid(
                    "RESOURCES_INVALID", "resources.threads", options.threads(), "0..%d".formatted(config.cores())));
        }
        if (options.memoryMib() > config.memoryMib()) {
            throw new ServiceException(Failure.invalid(
                    "RESOURCES_INVALID",
                    "resources.memory_mib",
                    options.memoryMib(),
                    "0 or %d..%d".formatted(JobsConfig.MIN_MEMORY_MIB, config.memoryMib())));
        }
    }

    /** Counting and inserting are one step in this process; several processes may overshoot by their number. */
    private synchronized boolean insertBounded(Job job, JobOptions options) {
        queueLength = store.countQueued();
        int queueSize = config.queueSize();
        if (queueLength >= queueSize) {
            throw new ServiceException(Failure.exhausted(
                            "QUEUE_FULL",
                            "jobs waiting: %d (expected: fewer than %d)".formatted(queueLength, queueSize),
                            Duration.ofSeconds(30))
                    .with("queue_size", Integer.toString(queueSize)));
        }
        return store.insert(job, options);
    }

    private static Job same(Job existing, ByteString spec, String requestId) {
        if (!existing.spec().equals(spec)) {
            throw new ServiceException(
                    Failure.alreadyExists("request_id", requestId).with("job_id", existing.id()));
        }
        return existing;
    }

    /** Returns a job with its latest progress; NOT_FOUND when there is none. */
    public Job get(String id) {
        return worker.inWork(id).or(() -> store.find(id)).orElseThrow(() -> unknown(id));
    }

    /** Returns the newest jobs, at most {@value JobStore#MAX_LISTED}, of one model and one schedule unless these are empty. */
    public List<Job> list(String model, String schedule) {
        return store.list(model, schedule).stream()
                .map(job -> worker.inWork(job.id()).orElse(job))
                .toList();
    }

    /** Returns the end of what a job's process printed; empty while it runs elsewhere. NOT_FOUND when there is no such job. */
    public String log(String id) {
        Job job = get(id);
        String here = folders.logTail(job.id());
        return here.isEmpty() ? store.log(job.id()) : here;
    }

    /** Cancels a job that waits or runs; one that has ended stays as it is. Returns the job as it stands now. */
    public Job cancel(String id) {
        if (store.cancelQueued(id)) {
            meters.counter("training_jobs", "state", "cancelled").increment();
        } else if (store.requestCancel(id)) {
            worker.cancel(id);
        }
        return get(id);
    }

    /**
     * Calls the listener with the job as it stands, about four times a second, on a thread that it must not block.
     *
     * @return what ends the watch when closed
     */
    public Subscription watch(String id, Consumer<Job> listener) {
        return feed.watch(id, listener);
    }

    private static ServiceException unknown(String id) {
        return new ServiceException(Failure.notFound("job", id, "the id of a job"));
    }

    private static String newId() {
        return "job-" + UUID.randomUUID().toString().replace("-", "").substring(0, ID_LENGTH);
    }

    private static String idOf(String requestId) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(requestId.getBytes(StandardCharsets.UTF_8));
            return "job-" + HexFormat.of().formatHex(digest).substring(0, ID_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }

    @Override
    public void close() {
        feed.close();
        worker.close();
    }
}
