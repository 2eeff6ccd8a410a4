package io.foresell.training.job;

import com.mongodb.MongoException;
import io.foresell.kit.ServiceException;
import io.foresell.training.run.TrainingSpec;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs jobs one at a time on one thread, while a keeper thread renews the lease and writes progress once a second. Whatever a
 * job throws ends the job, never the worker. While the store is away the job in work goes on, and its end is written as soon
 * as the store is back.
 */
final class JobWorker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JobWorker.class);
    private static final Duration KEEP = Duration.ofSeconds(1);
    private static final Duration IDLE_LOOK = Duration.ofSeconds(1);
    private static final Duration STORE_RETRY = Duration.ofSeconds(1);
    private static final Duration STOP_WAIT = Duration.ofSeconds(5);

    private final JobStore store;
    private final Trainer trainer;
    private final JobPublisher publisher;
    private final JobEncoding encoding;
    private final MeterRegistry meters;
    private final String owner = ManagementFactory.getRuntimeMXBean().getName() + "-" + UUID.randomUUID();
    private final Thread thread = new Thread(this::loop, "training-worker");
    private final ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread keeping = new Thread(task, "training-keeper");
        keeping.setDaemon(true);
        return keeping;
    });
    private final Semaphore wake = new Semaphore(0);
    private volatile @Nullable RunningJob running; // written only by the worker thread
    private volatile boolean isClosed;

    JobWorker(JobStore store, Trainer trainer, JobPublisher publisher, JobEncoding encoding, MeterRegistry meters) {
        this.store = store;
        this.trainer = trainer;
        this.publisher = publisher;
        this.encoding = encoding;
        this.meters = meters;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
        var unused = keeper.scheduleWithFixedDelay(
                this::keepQuietly, KEEP.toMillis(), KEEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Makes the worker look for a job at once. */
    void wake() {
        wake.release();
    }

    /** Returns the job in work here with its latest progress, if it is that one. */
    Optional<Job> inWork(String id) {
        RunningJob current = running;
        return current == null || !current.job().id().equals(id) ? Optional.empty() : Optional.of(current.job());
    }

    /** Stops the job if it is in work here. */
    void cancel(String id) {
        RunningJob current = running;
        if (current != null && current.job().id().equals(id)) {
            current.stop(RunningJob.Stop.CANCELLED);
        }
    }

    private void loop() {
        while (!isClosed) {
            try {
                Optional<JobStore.Claim> claim = store.claim(owner);
                if (claim.isPresent()) {
                    work(claim.get());
                } else {
                    pause(IDLE_LOOK);
                }
            } catch (MongoException e) {
                log.debug("store away", e);
                pause(STORE_RETRY);
            } catch (RuntimeException | Error e) {
                log.error("worker failed, goes on", e);
                pause(STORE_RETRY);
            }
        }
    }

    private void pause(Duration duration) {
        try {
            if (wake.tryAcquire(duration.toMillis(), TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            log.debug("pause interrupted", e);
        }
    }

    private void work(JobStore.Claim claim) {
        RunningJob current = new RunningJob(claim, encoding);
        running = current;
        log.info(
                "job started id={} model={} attempt={}",
                claim.job().id(),
                claim.job().model(),
                claim.job().attempt());
        try {
            Optional<JobStore.End> end = outcome(current);
            if (end.isPresent()) {
                end(current, end.get());
            } else if (current.stopReason() == RunningJob.Stop.SHUTDOWN) {
                store.giveBack(claim);
                log.info("job given back id={}", claim.job().id());
            } else {
                log.warn(
                        "job dropped, another process has it id={}", claim.job().id());
            }
        } finally {
            running = null;
        }
    }

    /** Works and says how the job ends; empty when it does not end here. */
    private Optional<JobStore.End> outcome(RunningJob current) {
        try {
            TrainingSpec spec = encoding.readSpec(current.job().spec());
            var outcomes = trainer.train(spec, current, current::isStopped);
            keep(current);
            current.requireNotStopped();
            List<CandidateResult> results = publisher.publish(current, spec.publish(), outcomes);
            current.showResults(results);
            return Optional.of(JobStore.End.SUCCEEDED);
        } catch (CancellationException e) {
            return current.stopReason() == RunningJob.Stop.CANCELLED
                    ? Optional.of(JobStore.End.CANCELLED)
                    : stoppedOrFailed(current, e);
        } catch (Throwable e) { // a job must not end the service, whatever a native library throws
            return stoppedOrFailed(current, e);
        }
    }

    private static Optional<JobStore.End> stoppedOrFailed(RunningJob current, Throwable error) {
        if (current.stopReason() == RunningJob.Stop.LOST || current.stopReason() == RunningJob.Stop.SHUTDOWN) {
            return Optional.empty();
        }
        JobStore.End end = JobFailures.of(error);
        if (error instanceof ServiceException) {
            log.warn("job failed id={} reason={} failure={}", current.job().id(), end.failureReason(), end.failure());
        } else {
            log.error("job failed id={} reason={}", current.job().id(), end.failureReason(), error);
        }
        return Optional.of(end);
    }

    private void end(RunningJob current, JobStore.End end) {
        Job job = current.job();
        while (true) {
            try {
                boolean isHeld = store.end(current.claim(), end, job.progress(), job.results());
                if (isHeld) {
                    String state = end.state().name().toLowerCase(Locale.ROOT);
                    meters.counter("training_jobs", "state", state).increment();
                    log.info("job ended id={} state={} reason={}", job.id(), state, end.failureReason());
                }
                return;
            } catch (MongoException e) {
                log.warn("end of job not written yet id={}", job.id(), e);
                if (isClosed) {
                    return; // the lease runs out and the job is taken up again
                }
                pause(STORE_RETRY);
            }
        }
    }

    private void keepQuietly() {
        RunningJob current = running;
        if (current == null) {
            return;
        }
        try {
            keep(current);
        } catch (MongoException e) {
            log.warn("lease not renewed id={}", current.job().id(), e);
        } catch (RuntimeException e) {
            log.error("keeper failed, goes on", e);
        }
    }

    private void keep(RunningJob current) {
        Job job = current.job();
        Optional<Boolean> isCancelled = store.renew(current.claim(), job.progress(), job.results());
        if (isCancelled.isEmpty()) {
            if (running == current) {
                current.stop(RunningJob.Stop.LOST);
            }
        } else if (isCancelled.get()) {
            current.stop(RunningJob.Stop.CANCELLED);
        }
    }

    /** Stops the job in work and gives it back to the queue. */
    @Override
    public void close() {
        isClosed = true;
        RunningJob current = running;
        if (current != null) {
            current.stop(RunningJob.Stop.SHUTDOWN);
        }
        wake.release();
        try {
            thread.join(STOP_WAIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (current != null && thread.isAlive()) {
            giveBackUnasked(current);
        }
        keeper.shutdownNow();
    }

    /** The job does not listen: whatever it still does is void from here on. */
    private void giveBackUnasked(RunningJob current) {
        try {
            current.stop(RunningJob.Stop.LOST);
            store.giveBack(current.claim());
        } catch (MongoException e) {
            log.warn(
                    "job not given back, its lease runs out id={}",
                    current.job().id(),
                    e);
        }
    }
}
