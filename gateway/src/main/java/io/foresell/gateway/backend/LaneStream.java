package io.foresell.gateway.backend;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.SettableFuture;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoreStreamRequest;
import io.foresell.proto.inference.v1.ScoreStreamResponse;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One score stream. A request waits in one of {@value #WINDOW} places, as many as the service reads ahead, whose number is its id.
 * Used by its lane's network thread only.
 */
final class LaneStream extends ClientCall.Listener<ScoreStreamResponse> {
    static final int WINDOW = 32;

    private static final int REFILL = WINDOW / 2; // answers asked for at once
    private static final String[] IDS =
            IntStream.range(0, WINDOW).mapToObj(Integer::toString).toArray(String[]::new);

    private final ClientCall<ScoreStreamRequest, ScoreStreamResponse> call;
    private final Consumer<LaneStream> whenClosed;
    private final @Nullable Waiting[] places = new Waiting[WINDOW];
    private final int[] free = IntStream.range(0, WINDOW).toArray();
    private int freeCount = WINDOW;
    private int unasked;
    private boolean hasAnswered;
    private boolean isRetired;
    private boolean isEnded;

    /**
     * A request without an answer.
     *
     * @param resend asks again by a call of its own: where the stream ended, that call says what is wrong
     */
    record Waiting(
            SettableFuture<ScoreResponse> answer, long untilNanos, Supplier<ListenableFuture<ScoreResponse>> resend) {}

    LaneStream(ClientCall<ScoreStreamRequest, ScoreStreamResponse> call, Consumer<LaneStream> whenClosed) {
        this.call = call;
        this.whenClosed = whenClosed;
    }

    void start(Metadata headers) {
        call.start(this, headers);
        call.request(WINDOW);
    }

    /** Returns how many requests are without an answer. */
    int unanswered() {
        return WINDOW - freeCount;
    }

    /** Returns whether a request can be sent. */
    boolean isOpen() {
        return !isRetired && !isEnded && freeCount > 0;
    }

    boolean hasAnswered() {
        return hasAnswered;
    }

    void send(ScoreRequest request, Waiting waiting) {
        int place = free[--freeCount];
        places[place] = waiting;
        call.sendMessage(ScoreStreamRequest.newBuilder()
                .setId(IDS[place])
                .setRequest(request)
                .build());
    }

    @Override
    public void onMessage(ScoreStreamResponse message) {
        int place = place(message.getId());
        Waiting waiting = place < 0 ? null : places[place];
        if (waiting == null) {
            isRetired = true; // the end of the call comes later, and until then nothing can be sent
            call.cancel("an answer to nothing asked: " + message.getId(), null);
            return;
        }
        hasAnswered = true;
        places[place] = null;
        free[freeCount++] = place;
        if (message.hasResponse()) {
            waiting.answer().set(message.getResponse());
        } else {
            waiting.answer().setException(LaneErrors.of(message.getError()));
        }
        if (++unasked == REFILL) {
            unasked = 0;
            call.request(REFILL);
        }
        endIfDone();
    }

    private static int place(String id) {
        try {
            int place = Integer.parseInt(id);
            return place < WINDOW ? place : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        isEnded = true;
        whenClosed.accept(this);
        for (Waiting waiting : places) {
            if (waiting != null && !waiting.answer().isDone()) {
                resend(waiting);
            }
        }
        Arrays.fill(places, null);
    }

    /** One that cannot be asked again must not keep the others from it. */
    private static void resend(Waiting waiting) {
        try {
            waiting.answer().setFuture(waiting.resend().get());
        } catch (RuntimeException e) {
            waiting.answer().setException(e);
        }
    }

    /** Takes no more requests; ends when what was asked is answered. */
    void retire() {
        isRetired = true;
        endIfDone();
    }

    private void endIfDone() {
        if (isRetired && !isEnded && freeCount == WINDOW) {
            isEnded = true;
            call.halfClose();
        }
    }

    /** Ends requests whose time has passed. A stream that did not answer one in time takes no more. */
    void expire(long nowNanos) {
        boolean hasExpired = false;
        for (Waiting waiting : places) {
            if (waiting != null && waiting.untilNanos() - nowNanos <= 0) {
                hasExpired = true;
                waiting.answer().setException(Status.DEADLINE_EXCEEDED.asRuntimeException());
            }
        }
        if (hasExpired) {
            isRetired = true;
            if (Arrays.stream(places)
                    .allMatch(waiting -> waiting == null || waiting.answer().isDone())) {
                call.cancel("no answer in time", null);
            }
        }
    }
}
