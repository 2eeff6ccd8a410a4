package io.foresell.gateway.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.SettableFuture;
import io.foresell.gateway.backend.LaneStream.Waiting;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoreStreamRequest;
import io.foresell.proto.inference.v1.ScoreStreamResponse;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One stream against a call that does what the test says, step by step. */
class LaneStreamTest {
    private final Call call = new Call();
    private final List<LaneStream> closed = new ArrayList<>();
    private final LaneStream stream = new LaneStream(call, closed::add);

    private SettableFuture<ScoreResponse> send() {
        SettableFuture<ScoreResponse> answer = SettableFuture.create();
        ScoreResponse resent = ScoreResponse.newBuilder().setModel("resent").build();
        stream.send(
                ScoreRequest.getDefaultInstance(),
                new Waiting(answer, System.nanoTime() + 1_000_000_000, () -> Futures.immediateFuture(resent)));
        return answer;
    }

    /** The end of a call that was cancelled comes later: until then nothing may be sent. */
    @Test
    void anAnswerToNothingAskedEndsTheStreamAndLosesNoRequest() throws Exception {
        stream.start(new Metadata());
        SettableFuture<ScoreResponse> answer = send();
        for (String id : List.of("7", "-3", "32", "x", "")) {
            stream.onMessage(ScoreStreamResponse.newBuilder().setId(id).build());
            assertTrue(call.isCancelled, id);
            assertFalse(stream.isOpen(), id);
        }
        assertFalse(answer.isDone());
        stream.onClose(Status.CANCELLED, new Metadata());
        assertEquals("resent", answer.get().getModel());
        assertEquals(List.of(stream), closed);
    }

    @Test
    void takesAsManyRequestsAsItHasPlaces() {
        stream.start(new Metadata());
        for (int i = 0; i < LaneStream.WINDOW; i++) {
            assertTrue(stream.isOpen());
            var unused = send();
        }
        assertFalse(stream.isOpen());
        assertEquals(LaneStream.WINDOW, call.sent.size());
        String id = call.sent.get(3).getId();
        stream.onMessage(ScoreStreamResponse.newBuilder()
                .setId(id)
                .setResponse(ScoreResponse.getDefaultInstance())
                .build());
        assertTrue(stream.isOpen());
        var unused = send();
        assertEquals(id, call.sent.get(LaneStream.WINDOW).getId(), "the place that is free");
    }

    private static final class Call extends ClientCall<ScoreStreamRequest, ScoreStreamResponse> {
        private final List<ScoreStreamRequest> sent = new ArrayList<>();
        private boolean isCancelled;

        @Override
        public void start(Listener<ScoreStreamResponse> listener, Metadata headers) {}

        @Override
        public void request(int count) {}

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {
            isCancelled = true;
        }

        @Override
        public void halfClose() {}

        @Override
        public void sendMessage(ScoreStreamRequest message) {
            if (isCancelled) {
                throw new IllegalStateException("call was cancelled"); // as gRPC does
            }
            sent.add(message);
        }
    }
}
