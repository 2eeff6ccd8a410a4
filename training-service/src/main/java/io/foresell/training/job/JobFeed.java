package io.foresell.training.job;

import com.mongodb.MongoException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells watchers how their jobs stand, four times a second: from memory when the job is in work here, else from the store. */
final class JobFeed implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JobFeed.class);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final JobStore store;
    private final JobWorker worker;
    private final List<Watch> watches = new CopyOnWriteArrayList<>(); // bounded by the edge
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "job-feed");
        thread.setDaemon(true);
        return thread;
    });

    private record Watch(String jobId, Consumer<Job> listener) {}

    JobFeed(JobStore store, JobWorker worker) {
        this.store = store;
        this.worker = worker;
    }

    void start() {
        var unused = ticker.scheduleWithFixedDelay(
                this::lookQuietly, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Calls the listener with the job at every look, changed or not, on the feed's thread; it must not block. Close to end. */
    TrainingJobs.Subscription watch(String jobId, Consumer<Job> listener) {
        Watch watch = new Watch(jobId, listener);
        watches.add(watch);
        return () -> watches.remove(watch);
    }

    private void lookQuietly() {
        try {
            look();
        } catch (MongoException e) {
            log.debug("store away, watchers wait", e);
        } catch (RuntimeException e) {
            log.warn("job feed failed, goes on", e);
        }
    }

    private void look() {
        Map<String, Optional<Job>> seen = new HashMap<>();
        for (Watch watch : watches) {
            seen.computeIfAbsent(watch.jobId(), this::current).ifPresent(job -> tell(watch, job));
        }
    }

    private Optional<Job> current(String jobId) {
        Optional<Job> inWork = worker.inWork(jobId);
        return inWork.isPresent() ? inWork : store.find(jobId);
    }

    private static void tell(Watch watch, Job job) {
        try {
            watch.listener().accept(job);
        } catch (RuntimeException e) {
            log.warn("job listener failed job={}", job.id(), e);
        }
    }

    @Override
    public void close() {
        ticker.shutdownNow();
    }
}
