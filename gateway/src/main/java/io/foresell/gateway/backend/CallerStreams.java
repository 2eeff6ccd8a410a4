package io.foresell.gateway.backend;

import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The streams of one caller on one lane. A stream shows the credential it was opened with. Used by the lane's network thread only. */
final class CallerStreams {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final int MAX_STREAMS = 8;
    private static final int BUSY =
            LaneStream.WINDOW / 2; // unanswered on every stream: time for another, and another replica

    /** After this a stream is replaced, so that calls spread over replicas that came later. */
    private static final long LIFE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** After a stream that ended without any answer, calls go on their own: they say what is wrong. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Channel channel;
    private final String authorization;
    private final List<Opened> streams = new ArrayList<>();
    private long pausedUntilNanos;
    private boolean isPaused;

    private record Opened(LaneStream stream, long atNanos) {}

    CallerStreams(Channel channel, String authorization) {
        this.channel = channel;
        this.authorization = authorization;
    }

    /** Returns the stream with the fewest requests without an answer; null when there is none with a place. */
    @Nullable
    LaneStream least(long nowNanos) {
        LaneStream least = null;
        for (int i = streams.size() - 1; i >= 0; i--) { // a stream that ends takes itself off the list
            Opened opened = streams.get(i);
            if (nowNanos - opened.atNanos() > LIFE_NANOS) {
                opened.stream().retire();
            }
            if (opened.stream().isOpen() && (least == null || opened.stream().unanswered() < least.unanswered())) {
                least = opened.stream();
            }
        }
        if ((least == null || least.unanswered() >= BUSY) && streams.size() < MAX_STREAMS && !isPaused(nowNanos)) {
            return open(nowNanos);
        }
        return least;
    }

    private boolean isPaused(long nowNanos) {
        isPaused = isPaused && nowNanos - pausedUntilNanos < 0;
        return isPaused;
    }

    private LaneStream open(long nowNanos) {
        LaneStream stream = new LaneStream(
                channel.newCall(InferenceServiceGrpc.getScoreStreamMethod(), CallOptions.DEFAULT), this::closed);
        streams.add(new Opened(stream, nowNanos));
        Metadata headers = new Metadata();
        if (!authorization.isEmpty()) {
            headers.put(AUTHORIZATION, authorization);
        }
        stream.start(headers);
        return stream;
    }

    private void closed(LaneStream stream) {
        streams.removeIf(opened -> opened.stream() == stream);
        if (!stream.hasAnswered()) {
            isPaused = true;
            pausedUntilNanos = System.nanoTime() + PAUSE_NANOS;
        }
    }

    /** Ends what has waited too long, and streams that nobody needs any more. */
    void expire(long nowNanos) {
        for (Opened opened : List.copyOf(streams)) {
            opened.stream().expire(nowNanos);
            if (nowNanos - opened.atNanos() > LIFE_NANOS) {
                opened.stream().retire();
            }
        }
    }

    void retire() {
        List.copyOf(streams).forEach(opened -> opened.stream().retire());
    }

    /** Returns whether a request is without an answer. */
    boolean isWaiting() {
        return streams.stream().anyMatch(opened -> opened.stream().unanswered() > 0);
    }

    /** Returns whether there is nothing to remember of this caller. */
    boolean isEmpty(long nowNanos) {
        return streams.isEmpty() && !isPaused(nowNanos);
    }
}
