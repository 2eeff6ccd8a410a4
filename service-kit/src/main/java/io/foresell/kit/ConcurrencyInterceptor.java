package io.foresell.kit;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds the calls in flight, and with them the server's queue: one above the limit is refused at once. */
final class ConcurrencyInterceptor implements ServerInterceptor {
    private final int maxConcurrentCalls;
    private final AtomicInteger callsInFlight = new AtomicInteger();

    ConcurrencyInterceptor(int maxConcurrentCalls, MeterRegistry meters) {
        this.maxConcurrentCalls = maxConcurrentCalls;
        meters.gauge("grpc_server_calls_in_flight", callsInFlight);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (callsInFlight.incrementAndGet() > maxConcurrentCalls) {
            callsInFlight.decrementAndGet();
            throw new ServiceException(Failure.exhausted(
                    "TOO_MANY_CALLS",
                    "calls in flight: %d (expected: 0..%d)".formatted(maxConcurrentCalls + 1, maxConcurrentCalls),
                    Duration.ofMillis(100)));
        }
        AtomicBoolean isReleased = new AtomicBoolean();
        Runnable release = () -> {
            if (isReleased.compareAndSet(false, true)) {
                callsInFlight.decrementAndGet();
            }
        };
        ServerCall.Listener<Q> listener;
        try {
            listener = next.startCall(call, headers);
        } catch (RuntimeException | Error e) {
            release.run();
            throw e;
        }
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onComplete() {
                release.run();
                super.onComplete();
            }

            @Override
            public void onCancel() {
                release.run();
                super.onCancel();
            }
        };
    }
}
