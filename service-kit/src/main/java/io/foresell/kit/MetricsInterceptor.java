package io.foresell.kit;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Records {@code grpc_server_call_seconds} by method and code: count, sum and histogram. */
final class MetricsInterceptor implements ServerInterceptor {
    private final MeterRegistry meters;
    private final Map<String, Map<Status.Code, Timer>> timers = new ConcurrentHashMap<>(); // by method

    MetricsInterceptor(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        long startNanos = System.nanoTime();
        String method = call.getMethodDescriptor().getFullMethodName();
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    public void close(Status status, Metadata trailers) {
                        timer(method, status.getCode()).record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
                        super.close(status, trailers);
                    }
                },
                headers);
    }

    /** Records a call that was turned away before it was one. */
    void turnedAway(String method, Status.Code code) {
        timer(method, code).record(0, TimeUnit.NANOSECONDS);
    }

    private Timer timer(String method, Status.Code code) {
        Map<Status.Code, Timer> known = timers.get(method); // no key is made up for a call
        Map<Status.Code, Timer> byCode =
                known == null ? timers.computeIfAbsent(method, key -> new ConcurrentHashMap<>()) : known;
        Timer timer = byCode.get(code);
        return timer == null ? byCode.computeIfAbsent(code, key -> timerOf(method, key)) : timer;
    }

    private Timer timerOf(String method, Status.Code code) {
        return Timer.builder("grpc_server_call")
                .description("Time from the first byte of a call to its status")
                .tag("method", method)
                .tag("code", code.name())
                .serviceLevelObjectives(
                        Duration.ofNanos(250_000),
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(25),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10))
                .register(meters);
    }
}
