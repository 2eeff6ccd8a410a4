package io.foresell.training.job.schedule;

import com.google.protobuf.ByteString;
import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;
import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.training.job.Job;
import io.foresell.training.job.TrainingJobs;
import io.foresell.training.registry.ModelRegistry;
import io.foresell.training.registry.ModelVersion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts trainings when their time has come. A start's job id is made of the schedule's name and the instant due: a process that dies
 * between starting the job and noting it, or a second process that looks at the same moment, starts the very same job, that is, nothing
 * more. Starts missed while no process ran are made up for by one. Thread-safe.
 */
public final class Schedules implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Schedules.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofMinutes(1);
    private static final int MAX_SCHEDULES = 1_000;

    private final ScheduleStore store;
    private final ScheduleEncoding encoding;
    private final TrainingJobs jobs;
    private final ModelRegistry registry;
    private final Clock clock;
    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "training-schedules");
        thread.setDaemon(true);
        return thread;
    });

    public Schedules(
            MongoDatabase database, ScheduleEncoding encoding, TrainingJobs jobs, ModelRegistry registry, Clock clock) {
        this.store = new ScheduleStore(database);
        this.encoding = encoding;
        this.jobs = jobs;
        this.registry = registry;
        this.clock = clock;
    }

    /** Begins to look for what is due. */
    public void start() {
        var unused = looker.scheduleWithFixedDelay(
                this::lookQuietly, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Makes the store ready; call whenever it was away. Repeating it changes nothing. */
    public void prepare() {
        store.createIndexes();
    }

    /** Returns all schedules by name. */
    public List<Schedule> list() {
        return store.list();
    }

    /**
     * Creates a schedule or replaces the one of that name; its first start is a full interval away.
     *
     * @param spec checked by the caller
     * @throws ServiceException INVALID_ARGUMENT when name or times cannot work, RESOURCE_EXHAUSTED when there are too many
     */
    public Schedule set(String name, String model, ByteString spec) {
        Names.require("name", name);
        RetrainRule rule = encoding.readRule(spec);
        List<Schedule> existing = store.list();
        if (existing.size() >= MAX_SCHEDULES
                && existing.stream().noneMatch(other -> other.name().equals(name))) {
            throw new ServiceException(Failure.exhausted(
                    "TOO_MANY_SCHEDULES",
                    "schedules: %d (expected: fewer than %d)".formatted(existing.size(), MAX_SCHEDULES),
                    Duration.ofMinutes(1)));
        }
        Schedule schedule = new Schedule(name, model, spec, rule.times().after(now()), "", null, "", 0);
        store.put(schedule);
        log.info("schedule set name={} model={} next_at={}", name, model, schedule.nextAt());
        return schedule;
    }

    /** Deletes a schedule; NOT_FOUND when there is none. */
    public void delete(String name) {
        if (!store.delete(name)) {
            throw new ServiceException(Failure.notFound(
                    "schedule",
                    name,
                    "one of " + list().stream().map(Schedule::name).toList()));
        }
        log.info("schedule deleted name={}", name);
    }

    private void lookQuietly() {
        try {
            look();
        } catch (MongoException e) {
            log.debug("store away, schedules wait", e);
        } catch (RuntimeException e) {
            log.error("schedules failed, go on", e);
        }
    }

    private void look() {
        for (Schedule due : store.due(now())) {
            try {
                begin(due);
            } catch (ServiceException e) {
                log.warn(
                        "scheduled job not started name={} reason={}",
                        due.name(),
                        e.failure().reason());
                store.failed(due, e.failure().message(), now().plus(RETRY));
            }
        }
    }

    private void begin(Schedule due) {
        RetrainRule rule = encoding.readRule(due.spec());
        String requestId = "schedule %s %d".formatted(due.name(), due.nextAt().toEpochMilli());
        Job job = jobs.startOnce(due.model(), () -> completed(due, rule), requestId, due.name());
        store.started(due, job.id(), rule.times().after(now()));
        log.info("scheduled job started name={} job={}", due.name(), job.id());
    }

    /** Names the rows that the model was trained on, at the moment of the start; without a model there is nothing to compare. */
    private ByteString completed(Schedule due, RetrainRule rule) {
        if (!rule.isOnDrift()) {
            return encoding.unconditional(due.spec());
        }
        Optional<ModelVersion> reference = registry.champion(due.model(), rule.reference());
        if (reference.isEmpty() && rule.reference().isEmpty()) {
            reference = registry.newest(due.model());
        }
        return reference
                .map(version -> encoding.comparedWith(
                        due.spec(),
                        Instant.ofEpochMilli(version.manifest().getProvenance().getUntilMillis() + 1)))
                .orElseGet(() -> encoding.unconditional(due.spec()));
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis()); // the store keeps milliseconds
    }

    @Override
    public void close() {
        looker.shutdownNow();
    }
}
