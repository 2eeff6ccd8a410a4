package io.foresell.gateway.backend;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.SettableFuture;
import io.foresell.gateway.backend.LaneStream.Waiting;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.netty.channel.EventLoop;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way from one network thread to the inference service and back: connections, streams and callers' requests are all on that thread,
 * so nothing is handed over, and what arrives together leaves together. Used by that thread only.
 */
final class ScoreLane {
    private static final int MAX_CALLERS = 64;
    private static final long SWEEP_MILLIS = 25;

    private final EventLoop thread;
    private final ManagedChannel channel;
    private final Map<String, CallerStreams> callers =
            new LinkedHashMap<>(16, 0.75f, true); // the one used last comes last
    private boolean isSweeping;

    ScoreLane(EventLoop thread, ManagedChannel channel) {
        this.thread = thread;
        this.channel = channel;
    }

    /**
     * Scores a request that is answered at once; where no stream has a place, by a call of its own.
     *
     * @param untilNanos when the answer is late, on the clock of {@link System#nanoTime}
     */
    ListenableFuture<ScoreResponse> score(
            ScoreRequest request,
            String authorization,
            long untilNanos,
            Supplier<ListenableFuture<ScoreResponse>> call) {
        CallerStreams caller = channel.getState(true) == ConnectivityState.READY ? caller(authorization) : null;
        LaneStream stream = caller == null ? null : caller.least(System.nanoTime());
        if (stream == null) {
            return call.get();
        }
        SettableFuture<ScoreResponse> answer = SettableFuture.create();
        stream.send(request, new Waiting(answer, untilNanos, call));
        sweepLater();
        return answer;
    }

    /** Returns the streams of a caller, for whom the one that was away longest makes room; null while that one waits for answers. */
    private @Nullable CallerStreams caller(String authorization) {
        CallerStreams known = callers.get(authorization);
        if (known != null) {
            return known;
        }
        if (callers.size() >= MAX_CALLERS) {
            var callersByUse = callers.values().iterator();
            CallerStreams eldest = callersByUse.next();
            if (eldest.isWaiting()) {
                return null; // what it waits for must still be ended in time
            }
            eldest.retire();
            callersByUse.remove();
        }
        CallerStreams caller = new CallerStreams(channel, authorization);
        callers.put(authorization, caller);
        return caller;
    }

    private void sweepLater() {
        if (!isSweeping) {
            isSweeping = true;
            var unused = thread.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void sweep() {
        isSweeping = false;
        long nowNanos = System.nanoTime();
        callers.values().forEach(caller -> caller.expire(nowNanos));
        callers.values().removeIf(caller -> caller.isEmpty(nowNanos));
        if (!callers.isEmpty()) {
            sweepLater();
        }
    }

    /** Ends what is answered; callable from any thread. */
    void close() {
        thread.execute(() -> callers.values().forEach(CallerStreams::retire));
        channel.shutdown();
    }
}
