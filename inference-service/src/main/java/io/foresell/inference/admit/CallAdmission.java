package io.foresell.inference.admit;

import io.foresell.kit.Admission;
import io.foresell.kit.Failure;
import io.foresell.kit.Refusal;
import io.foresell.kit.frame.Door;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Admits calls to the inference service: online calls within the adaptive limit and past the lag gate; calls whose header
 * {@code foresell-priority} says {@code bulk} only while less than half of the limit is taken and nothing is late; streams
 * by number. A refusal costs a few objects: its bytes are made once for each limit.
 */
public final class CallAdmission implements Admission {
    /** Says how urgent a call is: {@code online} (the default) or {@code bulk}. */
    public static final Metadata.Key<String> PRIORITY =
            Metadata.Key.of("foresell-priority", Metadata.ASCII_STRING_MARSHALLER);

    private static final double BULK_SHARE = 0.5;
    private static final int MIN_QUESTIONS = 256; // orders to load that wait, at most 64, leave places for the others
    private static final int VARIANTS = 8; // refused callers must not all come back at once
    private static final long LEAST_RETRY_MILLIS = 50;

    private final String domain;
    private final AdaptiveLimit limit;
    private final LagGate lag;
    private final Place online;
    private final Bounded streams;
    private final Bounded bulkStreams;
    private final Bounded questions;
    private final Refusal unknownPriority;
    private final Counter tooManyCalls;
    private final Counter tooLate;
    private final Counter lowPriority;
    private final Map<MethodDescriptor<?, ?>, Priority> priorities = new ConcurrentHashMap<>(); // one a method
    private final Set<String> onlinePaths = ConcurrentHashMap.newKeySet(); // of the methods that were called
    private volatile Refusals refusals; // for the limit that was in force when somebody was last refused

    private final Refusal[] late;
    private final Refusal[] low;

    /** Makes the admission of a server; settings bound what neither limit nor gate counts. */
    public CallAdmission(
            String domain, AdmissionSettings settings, AdaptiveLimit limit, LagGate lag, MeterRegistry meters) {
        this.domain = domain;
        this.limit = limit;
        this.lag = lag;
        this.online = limit::leave;
        this.streams = new Bounded(domain, "score streams", "TOO_MANY_STREAMS", settings.maxStreams(), meters);
        this.bulkStreams =
                new Bounded(domain, "bulk streams", "TOO_MANY_BULK_STREAMS", settings.maxBulkStreams(), meters);
        this.questions = new Bounded(
                domain, "questions", "TOO_MANY_QUESTIONS", Math.max(MIN_QUESTIONS, settings.maxCalls()), meters);
        this.unknownPriority = new Refusal(
                Failure.invalid("PRIORITY_UNKNOWN", PRIORITY.name(), "another word", "online or bulk"), domain);
        this.tooManyCalls = RefusedCalls.counter(meters, "TOO_MANY_CALLS");
        this.tooLate = RefusedCalls.counter(meters, "OVERLOADED");
        this.lowPriority = RefusedCalls.counter(meters, "LOW_PRIORITY");
        this.refusals = new Refusals(0, new Refusal[0]);
        this.late = variants("OVERLOADED", "server: behind with answering (expected: fewer calls)");
        this.low = variants("LOW_PRIORITY", "priority: bulk while others wait (expected: a quiet moment)");
        Gauge.builder("admission_limit", limit, AdaptiveLimit::limit)
                .description("Calls in flight above which a call is refused, now")
                .register(meters);
        Gauge.builder("grpc_server_calls_in_flight", limit, AdaptiveLimit::inFlight)
                .description("Calls, and requests of streams, in flight")
                .register(meters);
        Gauge.builder("admission_warm", lag, gate -> gate.isWarm() ? 1 : 0)
                .description("1 when the lag is judged by what the process can do; before, it bears 2 s")
                .register(meters);
        Gauge.builder("admission_shed_share", lag, LagGate::share)
                .description("Share of calls refused because network threads are late, 0 to 0.9")
                .register(meters);
    }

    /** Turns away online calls while every place is taken, and a share of them, and every call that can wait, while the network threads are late. */
    @Override
    public @Nullable Refusal turnsAway(Door.Headers headers) {
        boolean isFull = limit.inFlight() >= limit.limit();
        boolean isCalm = !isFull && !lag.isShedding();
        if (isCalm || !onlinePaths.contains(headers.path().toString())) {
            return null;
        }
        CharSequence priority = headers.get(PRIORITY.name());
        if (priority == null || priority.toString().equals("online")) {
            if (isFull) {
                return tooMany();
            }
            return lag.refuses() ? counted(tooLate, late) : null;
        }
        boolean mustWait = isFull || lag.share() > 0;
        return mustWait && priority.toString().equals("bulk") ? counted(lowPriority, low) : null;
    }

    @Override
    public Outcome enter(MethodDescriptor<?, ?> method, Metadata headers) {
        return switch (priorities.computeIfAbsent(method, this::priority)) {
            case ONLINE -> enterOnline(headers.get(PRIORITY));
            case STREAM -> streams.enter();
            case BULK -> bulkStreams.enter();
            case CONTROL -> questions.enter();
        };
    }

    private Priority priority(MethodDescriptor<?, ?> method) {
        Priority priority = Priority.of(method);
        if (priority == Priority.ONLINE) {
            onlinePaths.add("/" + method.getFullMethodName());
        }
        return priority;
    }

    private Outcome enterOnline(@Nullable String priority) {
        if (priority == null || priority.equals("online")) {
            lag.pass();
            return enterRequest();
        }
        return priority.equals("bulk") ? enterLow() : unknownPriority;
    }

    /** Admits one request of a stream: within the limit, and not past the gate, as a stream sends no more than is answered. */
    public Outcome enterRequest() {
        if (!limit.tryEnter(1)) {
            return tooMany();
        }
        return online;
    }

    private Refusal tooMany() {
        return counted(tooManyCalls, refusals().variants());
    }

    private Outcome enterLow() {
        if (lag.share() > 0 || !limit.tryEnter(BULK_SHARE)) {
            return counted(lowPriority, low);
        }
        return online;
    }

    private static Refusal counted(Counter counter, Refusal[] variants) {
        counter.increment();
        return variants[ThreadLocalRandom.current().nextInt(VARIANTS)];
    }

    private Refusals refusals() {
        int inForce = limit.limit();
        Refusals known = refusals;
        if (known.limit() != inForce) {
            known = new Refusals(
                    inForce,
                    variants("TOO_MANY_CALLS", "calls in flight: %1$d (expected: below %1$d)".formatted(inForce)));
            refusals = known;
        }
        return known;
    }

    private Refusal[] variants(String reason, String message) {
        Refusal[] variants = new Refusal[VARIANTS];
        for (int i = 0; i < VARIANTS; i++) {
            Duration retry = Duration.ofMillis(LEAST_RETRY_MILLIS * (2 + i) / 2);
            variants[i] = new Refusal(Failure.exhausted(reason, message, retry), domain);
        }
        return variants;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Refusals(int limit, Refusal[] variants) {}

    /** Places bounded by a fixed number. */
    private static final class Bounded implements Place {
        private final int max;
        private final AtomicInteger taken = new AtomicInteger();
        private final Refusal refusal;
        private final Counter refused;

        Bounded(String domain, String what, String reason, int max, MeterRegistry meters) {
            this.max = max;
            this.refusal = new Refusal(
                    Failure.exhausted(
                            reason, "%s: %d (expected: below %d)".formatted(what, max, max), Duration.ofSeconds(1)),
                    domain);
            this.refused = RefusedCalls.counter(meters, reason);
            Gauge.builder("admission_places_taken", taken, AtomicInteger::get)
                    .description("Places taken of those that are bounded by number")
                    .tag("of", what.replace(' ', '_'))
                    .register(meters);
        }

        Outcome enter() {
            if (taken.incrementAndGet() > max) {
                taken.decrementAndGet();
                refused.increment();
                return refusal;
            }
            return this;
        }

        @Override
        public void leave() {
            taken.decrementAndGet();
        }
    }
}
