package io.foresell.inference.audit;

import io.foresell.inference.audit.AuditOutbox.Numbered;
import io.foresell.inference.fetch.Backoff;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceException;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that sends reports to the registry, one after the other, each until it is taken, whatever the registry says against it: a right
 * that is missing may be granted, and a log with a gap is none. The report's id makes sending it again harmless.
 */
final class ReportSender implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReportSender.class);
    private static final long CALL_SECONDS = 10;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AuditOutbox outbox;
    private final AuditClient client;
    private final Duration flush;
    private final Counter delivered;
    // A registry that is away costs a look at the channel; one that refuses is asked every few seconds.
    private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2));
    private final Thread thread = new Thread(this::run, "audit-reports");
    private volatile String problem = ""; // written only by the thread
    private volatile boolean isClosing;
    private volatile long closeByNanos;

    ReportSender(AuditOutbox outbox, GrpcClient registry, Duration flush, Counter delivered) {
        this.outbox = outbox;
        this.client = new AuditClient(registry);
        this.flush = flush;
        this.delivered = delivered;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Says that a report may be ready. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Returns why the oldest report is not delivered, as last seen; empty when nothing is wrong. */
    String problem() {
        return problem;
    }

    private void run() {
        while (true) {
            Numbered head = outbox.head();
            boolean isSent = head != null && isSent(head);
            if (isClosing && !isSent) {
                return; // nothing to send, or nobody to take it: what is left is on disk
            }
            if (head == null) {
                LockSupport.parkNanos(IDLE_NANOS);
            } else if (!isSent) {
                LockSupport.parkNanos(backoff.next().toNanos());
            }
        }
    }

    private boolean isSent(Numbered head) {
        try {
            client.report(head.report(), callNanos());
        } catch (ServiceException e) {
            fail("%s %s".formatted(e.failure().code(), e.failure().message()).strip());
            return false;
        } catch (RuntimeException e) { // a bug; the thread must live
            log.error("audit report not sent id={}", head.report().id(), e);
            fail(e.toString());
            return false;
        }
        outbox.delivered(head.number());
        delivered.increment();
        backoff.reset();
        if (!problem.isEmpty()) {
            problem = "";
            log.info("audit reports delivered again");
        }
        return true;
    }

    private void fail(String cause) {
        if (problem.isEmpty()) { // once an outage; health says it as long as it lasts
            log.warn("audit report not delivered, kept and tried again cause=\"{}\"", cause);
        }
        problem = cause;
    }

    private long callNanos() {
        long nanos = TimeUnit.SECONDS.toNanos(CALL_SECONDS);
        return isClosing ? Math.max(1, Math.min(nanos, closeByNanos - System.nanoTime())) : nanos;
    }

    /** Sends what is ready while the registry takes it, within the time to flush, and ends the thread. */
    @Override
    public void close() {
        closeByNanos = System.nanoTime() + flush.toNanos();
        isClosing = true;
        wake();
        try {
            thread.join(flush.toMillis() + TimeUnit.SECONDS.toMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
