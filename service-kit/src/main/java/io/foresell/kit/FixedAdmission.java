package io.foresell.kit;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds the calls in flight by a fixed number, and with them the server's queue: one above it is refused at once. */
final class FixedAdmission implements Admission {
    private final int maxConcurrentCalls;
    private final AtomicInteger callsInFlight = new AtomicInteger();
    private final Refusal refusal;
    private final Place place = callsInFlight::decrementAndGet;

    FixedAdmission(int maxConcurrentCalls, String domain, MeterRegistry meters) {
        this.maxConcurrentCalls = maxConcurrentCalls;
        this.refusal = new Refusal(
                Failure.exhausted(
                        "TOO_MANY_CALLS",
                        "calls in flight: %d (expected: 0..%d)".formatted(maxConcurrentCalls + 1, maxConcurrentCalls),
                        Duration.ofMillis(100)),
                domain);
        meters.gauge("grpc_server_calls_in_flight", callsInFlight);
    }

    @Override
    public Outcome enter(MethodDescriptor<?, ?> method, Metadata headers) {
        if (callsInFlight.incrementAndGet() > maxConcurrentCalls) {
            callsInFlight.decrementAndGet();
            return refusal;
        }
        return place;
    }
}
