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

/** The jobs of this service: asked for here, run here one at a time. Thread-safe; closing gives the job in work back to the queue. */
public final class TrainingJobs implements AutoCloseable {
    private static final int MAX_REQUEST_ID_LENGTH = 128;
    private static final int ID_LENGTH = 16;

    private final JobStore store;
    private final JobWorker worker;
    private final JobFeed feed;
    private final int queueSize;
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
            Trainer trainer,
            ModelRegistry registry,
            Clock clock,
            MeterRegistry meters) {
        this.store = new JobStore(database, clock, config.lease());
        this.worker = new JobWorker(store, trainer, new JobPublisher(registry), encoding, meters);
        this.feed = new JobFeed(store, worker);
        this.queueSize = config.queueSize();
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

    /** Counts the waiting jobs for the gauge. */
    public void measure() {
        queueLength = store.countQueued();
    }

    /**
     * Puts a job in the queue, or returns the one that the same request made.
     *
     * @param spec checked by the caller
     * @param requestId empty means a new job
     * @throws ServiceException RESOURCE_EXHAUSTED when the queue is full, ALREADY_EXISTS when the request id made another job
     */
    public Job start(String model, ByteString spec, String requestId) {
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
        Job job = Job.queued(id, model, spec, Instant.ofEpochMilli(clock.millis()));
        if (!insertBounded(job)) {
            return same(get(id), spec, requestId);
        }
        worker.wake();
        return job;
    }

    /** Counting and inserting are one step in this process; several processes may overshoot by their number. */
    private synchronized boolean insertBounded(Job job) {
        queueLength = store.countQueued();
        if (queueLength >= queueSize) {
            throw new ServiceException(Failure.exhausted(
                            "QUEUE_FULL",
                            "jobs waiting: %d (expected: fewer than %d)".formatted(queueLength, queueSize),
                            Duration.ofSeconds(30))
                    .with("queue_size", Integer.toString(queueSize)));
        }
        return store.insert(job);
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

    /** Returns the newest jobs, at most {@value JobStore#MAX_LISTED}, of one model unless it is empty. */
    public List<Job> list(String model) {
        return store.list(model).stream()
                .map(job -> worker.inWork(job.id()).orElse(job))
                .toList();
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
