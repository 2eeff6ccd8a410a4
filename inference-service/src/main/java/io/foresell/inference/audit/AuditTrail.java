package io.foresell.inference.audit;

import io.foresell.kit.Failure;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceException;
import io.foresell.kit.Telemetry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings every order to load or unload a model, and every refused attempt, into the audit log of the registry, which may be away: an order is
 * carried out when its report is durable here, and answered when its outcome is. Nothing waits for the registry. Thread-safe; does not block.
 */
public final class AuditTrail implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AuditTrail.class);
    private static final String OK = "OK";
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final long TOLD_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final AuditOutbox outbox;
    private final ReportSender sender;
    private final String place;
    private final Clock clock;
    private final Counter failed;
    private final AtomicLong toldNanos = new AtomicLong(System.nanoTime() - TOLD_AGAIN_NANOS);
    // Its queue is bounded by the room in the outbox: two pieces of work a report.
    private final ExecutorService writer = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "audit-outbox");
        thread.setDaemon(true);
        return thread;
    });
    private final Telemetry.Notice notice;

    private AuditTrail(
            AuditOutbox outbox, GrpcClient registry, String place, Duration flush, Clock clock, Telemetry telemetry) {
        this.outbox = outbox;
        this.place = ControlAttempt.plain(place, 200);
        this.clock = clock;
        MeterRegistry meters = telemetry.meters();
        this.failed = Counter.builder("audit_failed")
                .description(
                        "Orders and refused attempts that could not be kept for the audit log; the process's log has them")
                .register(meters);
        failed.increment(outbox.unreadableCount());
        Counter delivered = Counter.builder("audit_delivered")
                .description("Orders and refused attempts that the registry took into its audit log")
                .register(meters);
        Gauge.builder("audit_undelivered_entries", outbox, AuditOutbox::size)
                .description("Orders and refused attempts that the registry's audit log does not have yet")
                .register(meters);
        Gauge.builder("audit_undelivered_age", this, AuditTrail::oldestSeconds)
                .description("Age of the oldest of them, 0 when there is none")
                .baseUnit("seconds")
                .register(meters);
        this.sender = new ReportSender(outbox, registry, flush, delivered);
        this.notice = telemetry.notice(this::notices);
    }

    /**
     * Starts with what was not delivered before.
     *
     * @param folder of its own
     * @param place the server's name in the log
     * @param flush how long closing may go on delivering
     * @throws ServiceException FAILED_PRECONDITION when the folder cannot be used
     */
    public static AuditTrail start(
            Path folder, GrpcClient registry, String place, Duration flush, Clock clock, Telemetry telemetry) {
        AuditOutbox outbox = AuditOutbox.open(folder, AuditOutbox.CAPACITY);
        AuditTrail trail = new AuditTrail(outbox, registry, place, flush, clock, telemetry);
        trail.sender.start();
        return trail;
    }

    /**
     * Carries out an order between its two entries here.
     *
     * @param work begins to carry it out, on any thread; not called when the report cannot be kept
     * @return completes as the work does, or with UNAVAILABLE when the disk does not take the report
     * @throws ServiceException RESOURCE_EXHAUSTED when too many reports wait for the registry
     */
    public <T> CompletableFuture<T> around(ControlAttempt attempt, Supplier<CompletableFuture<T>> work) {
        outbox.reserve();
        ActionReport report = report(attempt, "");
        CompletableFuture<Long> begun;
        try {
            begun = CompletableFuture.supplyAsync(() -> begin(report), writer);
        } catch (RejectedExecutionException e) {
            outbox.release();
            throw new ServiceException(
                    Failure.unavailable("DRAINING", "server: shutting down (expected: serving)", RETRY), e);
        }
        return begun.thenCompose(number -> started(work)
                .handleAsync(
                        (answer, error) -> {
                            finish(number, report, error == null ? OK : reason(error));
                            if (error != null) {
                                throw error instanceof CompletionException known
                                        ? known
                                        : new CompletionException(error);
                            }
                            return answer;
                        },
                        writer));
    }

    /** Takes down an attempt that was refused before it was an order, while there is room. */
    public void refused(ControlAttempt attempt, String reason) {
        ActionReport report = report(attempt, reason);
        if (!outbox.isReservedForRefusal()) {
            overflowed(report);
            return;
        }
        try {
            writer.execute(() -> {
                try {
                    outbox.add(report);
                    sender.wake();
                } catch (IOException e) {
                    lost(report, "not written", e);
                }
            });
        } catch (RejectedExecutionException e) {
            outbox.release();
            lost(report, "shutting down", e);
        }
    }

    private ActionReport report(ControlAttempt attempt, String outcome) {
        return new ActionReport(UUID.randomUUID().toString(), clock.millis(), place, attempt, outcome);
    }

    private long begin(ActionReport report) {
        try {
            return outbox.add(report);
        } catch (IOException e) {
            lost(report, "not written, hence not carried out", e);
            throw new ServiceException(
                    Failure.unavailable(
                            "AUDIT_UNWRITABLE",
                            "audit report: not written (expected: room on the disk of cache.folder)",
                            RETRY),
                    e);
        }
    }

    private static <T> CompletableFuture<T> started(Supplier<CompletableFuture<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void finish(long number, ActionReport report, String outcome) {
        try {
            outbox.finish(number, outcome);
        } catch (IOException e) {
            lost(report.finished(outcome), "outcome not written, delivered unless the process ends before", e);
        }
        sender.wake();
    }

    private static String reason(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof ServiceException known ? known.failure().reason() : "INTERNAL";
    }

    /** Whoever is refused again and again must not fill the process's log either. */
    private void overflowed(ActionReport report) {
        failed.increment();
        long last = toldNanos.get();
        long now = System.nanoTime();
        if (now - last >= TOLD_AGAIN_NANOS && toldNanos.compareAndSet(last, now)) {
            log.error("audit: refused attempts not kept, too many wait for the registry, newest report={}", report);
        }
    }

    private void lost(ActionReport report, String why, @Nullable Throwable cause) {
        failed.increment();
        log.error("audit: {} report={}", why, report, cause);
    }

    private double oldestSeconds() {
        long oldest = outbox.oldestMillis();
        return oldest == 0 ? 0 : Math.max(0, clock.millis() - oldest) / 1000.0;
    }

    private List<String> notices() {
        int count = outbox.size();
        if (count == 0) {
            return List.of();
        }
        String problem = sender.problem();
        return List.of("audit: %d orders and refused attempts not in the registry's log yet, the oldest for %.0f s%s"
                .formatted(count, oldestSeconds(), problem.isEmpty() ? "" : ": " + problem));
    }

    /** Writes outcomes that are known by now, delivers what can be delivered at once, and keeps the rest for the next start. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(5, TimeUnit.SECONDS)) {
                log.error("audit: outcomes not written in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.close();
        notice.close();
    }
}
