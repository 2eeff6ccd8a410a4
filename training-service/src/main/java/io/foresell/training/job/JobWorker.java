package io.foresell.training.job;

import com.mongodb.MongoException;
import io.foresell.kit.ServiceException;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.gate.Gates;
import io.foresell.training.registry.ModelRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs as many jobs at once as fit the budget, each on a thread of its own, while a keeper thread renews their leases and writes progress
 * once a second. Whatever a job throws ends the job, never the worker. While the store is away jobs in work go on, and their ends are
 * written as soon as the store is back.
 */
final class JobWorker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JobWorker.class);
    private static final Duration KEEP = Duration.ofSeconds(1);
    private static final Duration IDLE_LOOK = Duration.ofSeconds(1);
    private static final Duration STORE_RETRY = Duration.ofSeconds(1);
    private static final Duration STOP_WAIT = Duration.ofSeconds(5);

    private final JobStore store;
    private final JobRunner runner;
    private final ChampionHandover handover;
    private final JobPublisher publisher;
    private final JobEncoding encoding;
    private final JobBudget budget;
    private final JobFolders folders;
    private final Clock clock;
    private final MeterRegistry meters;
    private final String owner = ManagementFactory.getRuntimeMXBean().getName() + "-" + UUID.randomUUID();
    private final Thread dispatcher = new Thread(this::loop, "training-dispatcher");
    private final ExecutorService workers =
            Executors.newCachedThreadPool(daemons("training-worker")); // bounded by the budget
    private final ScheduledExecutorService keeper =
            Executors.newSingleThreadScheduledExecutor(daemons("training-keeper"));
    private final Semaphore wake = new Semaphore(0);
    private final Map<String, RunningJob> running = new ConcurrentHashMap<>();
    private volatile boolean isClosed;

    JobWorker(
            JobStore store,
            JobRunner runner,
            ModelRegistry registry,
            JobEncoding encoding,
            JobBudget budget,
            JobFolders folders,
            Clock clock,
            MeterRegistry meters) {
        this.store = store;
        this.runner = runner;
        this.handover = new ChampionHandover(registry);
        this.publisher = new JobPublisher(registry);
        this.encoding = encoding;
        this.budget = budget;
        this.folders = folders;
        this.clock = clock;
        this.meters = meters;
        dispatcher.setDaemon(true);
        meters.gauge("training_jobs_at_work", running, Map::size);
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    void start() {
        dispatcher.start();
        var unused =
                keeper.scheduleWithFixedDelay(this::keepAll, KEEP.toMillis(), KEEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Makes the worker look for a job at once. */
    void wake() {
        wake.release();
    }

    /** Returns the job in work here with its latest progress, if it is one of those. */
    Optional<Job> inWork(String id) {
        return Optional.ofNullable(running.get(id)).map(RunningJob::job);
    }

    /** Stops the job if it is in work here. */
    void cancel(String id) {
        RunningJob current = running.get(id);
        if (current != null) {
            current.stop(RunningJob.Stop.CANCELLED);
        }
    }

    private void loop() {
        while (!isClosed) {
            try {
                Optional<JobStore.Claim> claim = store.claim(owner, this::choose);
                if (claim.isPresent()) {
                    start(claim.get());
                } else {
                    pause(IDLE_LOOK);
                }
            } catch (MongoException e) {
                log.debug("store away", e);
                pause(STORE_RETRY);
            } catch (RuntimeException | Error e) {
                log.error("dispatcher failed, goes on", e);
                pause(STORE_RETRY);
            }
        }
    }

    private Optional<WaitingJob> choose(List<WaitingJob> waiting) {
        List<JobBudget.AtWork> atWork = running.values().stream()
                .map(current -> new JobBudget.AtWork(current.job().model(), current.needs()))
                .toList();
        // A job of ours whose lease ran out while the store was away is still at work here.
        List<WaitingJob> others =
                waiting.stream().filter(job -> !running.containsKey(job.id())).toList();
        return budget.next(others, atWork, clock.instant());
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

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void start(JobStore.Claim claim) {
        Job job = claim.job();
        JobNeeds needs = budget.needs(claim.waiting());
        RunningJob current = new RunningJob(claim, encoding, needs, folders.folder(job.id()));
        running.put(job.id(), current);
        if (isClosed) {
            current.stop(RunningJob.Stop.SHUTDOWN);
        }
        log.info(
                "job started id={} model={} attempt={} threads={} memory_mib={}",
                job.id(),
                job.model(),
                job.attempt(),
                needs.threads(),
                needs.memoryMib());
        workers.execute(() -> work(current));
    }

    private void work(RunningJob current) {
        String id = current.id();
        try {
            Optional<JobStore.End> end = outcome(current);
            if (end.isPresent()) {
                end(current, end.get());
            } else if (current.stopReason() == RunningJob.Stop.SHUTDOWN) {
                store.giveBack(current.claim());
                log.info("job given back id={}", id);
            } else {
                log.warn("job dropped, another process has it id={}", id);
            }
        } catch (RuntimeException | Error e) {
            log.error("worker failed, the job is taken up again id={}", id, e);
        } finally {
            running.remove(id, current);
            wake();
        }
    }

    /** Works and says how the job ends; empty when it does not end here. */
    private Optional<JobStore.End> outcome(RunningJob current) {
        try {
            List<StagedCandidate> staged = staged(current);
            Gates gates = encoding.readOptions(current.spec()).gates();
            @Nullable Metric ranking = encoding.readSpec(current.spec()).metric();
            current.showResults(publisher.publish(current, staged, gates, ranking, encoding));
            return Optional.of(JobStore.End.SUCCEEDED);
        } catch (CancellationException e) {
            return current.stopReason() == RunningJob.Stop.CANCELLED
                    ? Optional.of(JobStore.End.CANCELLED)
                    : stoppedOrFailed(current, e);
        } catch (Throwable e) { // a job must not end the service, whatever a native library throws
            return stoppedOrFailed(current, e);
        }
    }

    /** Returns what an earlier attempt has reached, or trains and keeps what came out before anything is published. */
    private List<StagedCandidate> staged(RunningJob current) {
        Optional<List<StagedCandidate>> earlier = current.claim().staged();
        if (earlier.isPresent() && publisher.isComplete(current.job(), earlier.get())) {
            log.info("job was trained by an earlier attempt id={}", current.id());
            return earlier.get();
        }
        JobOptions options = encoding.readOptions(current.spec());
        folders.prepare(current.folder());
        current.champion(options.gates().champion().flatMap(gate -> handover.handOver(current, gate)));
        current.limit(options.maxSeconds());
        TrainedJob trained = runner.run(current);
        current.requireNotStopped();
        current.limit(0);
        current.remark(trained.remark());
        List<StagedCandidate> staged = publisher.stage(current, trained.candidates());
        keep(current);
        if (!patientlyKept(current, staged, trained.remark())) {
            current.stop(RunningJob.Stop.LOST);
        }
        current.requireNotStopped();
        return staged;
    }

    /** Waits for the store until the lease is void; false when it is. */
    private boolean patientlyKept(RunningJob current, List<StagedCandidate> staged, String remark) {
        while (true) {
            current.requireNotStopped();
            try {
                return store.stage(current.claim(), staged, remark);
            } catch (MongoException e) {
                log.warn("outcome not kept yet id={}", current.id(), e);
                sleep(STORE_RETRY);
            }
        }
    }

    private double maxSeconds(RunningJob current) {
        return encoding.readOptions(current.spec()).maxSeconds();
    }

    private Optional<JobStore.End> stoppedOrFailed(RunningJob current, Throwable error) {
        if (current.stopReason() == RunningJob.Stop.LOST || current.stopReason() == RunningJob.Stop.SHUTDOWN) {
            return Optional.empty();
        }
        boolean isOutOfTime = current.stopReason() == RunningJob.Stop.OUT_OF_TIME;
        JobStore.End end = isOutOfTime ? JobFailures.outOfTime(maxSeconds(current)) : JobFailures.of(error);
        if (isOutOfTime || error instanceof ServiceException) {
            log.warn("job failed id={} reason={} failure={}", current.id(), end.failureReason(), end.failure());
        } else {
            log.error("job failed id={} reason={}", current.id(), end.failureReason(), error);
        }
        return Optional.of(end);
    }

    private void end(RunningJob current, JobStore.End end) {
        String id = current.id();
        while (true) {
            try {
                boolean isHeld = store.end(current.claim(), end, current.job(), folders.logTail(id));
                if (isHeld) {
                    String state = end.state().name().toLowerCase(Locale.ROOT);
                    meters.counter("training_jobs", "state", state).increment();
                    log.info("job ended id={} state={} reason={}", id, state, end.failureReason());
                    folders.ended(id);
                }
                return;
            } catch (MongoException e) {
                log.warn("end of job not written yet id={}", id, e);
                if (isClosed) {
                    return; // the lease runs out and the job is taken up again
                }
                sleep(STORE_RETRY);
            }
        }
    }

    private void keepAll() {
        for (RunningJob current : running.values()) {
            try {
                keep(current);
            } catch (MongoException e) {
                log.warn("lease not renewed id={}", current.id(), e);
            } catch (RuntimeException e) {
                log.error("keeper failed, goes on", e);
            }
        }
    }

    private void keep(RunningJob current) {
        Job job = current.job();
        Optional<Boolean> isCancelled = store.renew(current.claim(), job.progress(), job.results());
        if (isCancelled.isEmpty()) {
            if (running.get(job.id()) == current) {
                current.stop(RunningJob.Stop.LOST);
            }
        } else if (isCancelled.get()) {
            current.stop(RunningJob.Stop.CANCELLED);
        }
    }

    /** Stops the jobs in work and gives them back to the queue. */
    @Override
    public void close() {
        isClosed = true;
        running.values().forEach(current -> current.stop(RunningJob.Stop.SHUTDOWN));
        wake.release();
        try {
            dispatcher.join(STOP_WAIT.toMillis());
            workers.shutdown();
            if (!workers.awaitTermination(STOP_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                running.values().forEach(this::giveBackUnasked);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        keeper.shutdownNow();
    }

    /** The job does not listen: whatever it still does is void from here on. */
    private void giveBackUnasked(RunningJob current) {
        try {
            current.stop(RunningJob.Stop.LOST);
            store.giveBack(current.claim());
        } catch (MongoException e) {
            log.warn("job not given back, its lease runs out id={}", current.id(), e);
        }
    }
}
