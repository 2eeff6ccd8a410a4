package io.foresell.inference.admit;

import io.foresell.kit.Caller;
import io.foresell.kit.Failure;
import io.foresell.kit.Refusal;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds each caller to its rows a second. Runs behind authentication, so that nobody spends the quota of another. A caller
 * without a quota of its own is held to the default by its certificate or address; a name that has none helps nobody.
 */
public final class CallerQuotas implements ServerInterceptor {
    private static final Context.Key<TokenBucket> BUCKET = Context.key("foresell-quota");
    private static final int MAX_PEERS = 10_000;
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String domain;
    private final Map<String, TokenBucket> named = new HashMap<>();
    private final int defaultRowsPerSecond;
    private final LongSupplier nanoClock;
    private final Map<String, TokenBucket> peers = new ConcurrentHashMap<>(); // at most MAX_PEERS and racing callers
    private final @Nullable TokenBucket others; // shared by peers beyond those
    private final AtomicLong nextSweep;
    private final Counter refused;

    /**
     * Makes the quotas of a server.
     *
     * @param defaultRowsPerSecond for callers without a quota of their own; 0 leaves them free
     */
    public CallerQuotas(
            String domain, List<Quota> quotas, int defaultRowsPerSecond, LongSupplier nanoClock, MeterRegistry meters) {
        this.domain = domain;
        this.defaultRowsPerSecond = defaultRowsPerSecond;
        this.nanoClock = nanoClock;
        this.nextSweep = new AtomicLong(nanoClock.getAsLong());
        for (Quota quota : quotas) {
            named.put(quota.caller(), new TokenBucket(quota.rowsPerSecond(), quota.burstRows(), nanoClock));
        }
        this.others = defaultRowsPerSecond == 0 ? null : defaultBucket();
        this.refused = RefusedCalls.counter(meters, "QUOTA_EXCEEDED");
    }

    private TokenBucket defaultBucket() {
        return new TokenBucket(defaultRowsPerSecond, Math.max(1, 2.0 * defaultRowsPerSecond), nanoClock);
    }

    /** Charges the rows of a request to the caller of the current call, beside the one that its admission took. */
    public static void charge(int rowCount) {
        TokenBucket bucket = BUCKET.get();
        if (bucket != null && rowCount > 0) {
            bucket.charge(rowCount);
        }
    }

    /**
     * Charges the rows of a bulk message to the caller of the current call.
     *
     * @return how long to wait before the next, nanoseconds: until half of what the caller may ask for at once is there for its calls
     */
    public static long pace(int rowCount) {
        TokenBucket bucket = BUCKET.get();
        if (bucket == null || rowCount == 0) {
            return 0;
        }
        bucket.charge(rowCount);
        return bucket.nanosToHalf();
    }

    /** Takes a token for one more request of the current call; returns null, or why there is none. */
    public @Nullable Failure takeOne() {
        TokenBucket bucket = BUCKET.get();
        long waitNanos = bucket == null ? 0 : bucket.take();
        return waitNanos == 0 ? null : refusal(waitNanos);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        TokenBucket bucket = bucket(call, headers);
        if (bucket == null || Priority.of(call.getMethodDescriptor()) == Priority.CONTROL) {
            return next.startCall(call, headers);
        }
        long waitNanos = bucket.take();
        if (waitNanos > 0) {
            new Refusal(refusal(waitNanos), domain).close(call);
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(Context.current().withValue(BUCKET, bucket), call, headers, next);
    }

    private Failure refusal(long waitNanos) {
        refused.increment();
        return new Failure(
                Status.Code.RESOURCE_EXHAUSTED,
                "QUOTA_EXCEEDED",
                "quota: spent (expected: calls within the caller's rows a second)",
                Map.of(),
                List.of(),
                TokenBucket.retryAfter(waitNanos));
    }

    private @Nullable TokenBucket bucket(ServerCall<?, ?> call, Metadata headers) {
        if (named.isEmpty() && others == null) {
            return null; // the ordinary case asks nothing
        }
        TokenBucket own = named.isEmpty() ? null : named.get(Caller.name(call, headers));
        if (own != null || others == null) {
            return own;
        }
        String peer = Caller.peer(call);
        TokenBucket known = peers.get(peer);
        if (known != null) {
            return known;
        }
        if (peers.size() >= MAX_PEERS) {
            sweep();
        }
        return peers.size() >= MAX_PEERS ? others : peers.computeIfAbsent(peer, key -> defaultBucket());
    }

    private void sweep() {
        long now = nanoClock.getAsLong();
        long due = nextSweep.get();
        if (now - due >= 0 && nextSweep.compareAndSet(due, now + SWEEP_NANOS)) {
            peers.values().removeIf(TokenBucket::isFull);
        }
    }
}
