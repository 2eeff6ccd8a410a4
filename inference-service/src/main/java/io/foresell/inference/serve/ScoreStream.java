package io.foresell.inference.serve;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.foresell.inference.serve.OpenStreams.Drainable;
import io.foresell.kit.Admission;
import io.foresell.kit.Admission.Place;
import io.foresell.kit.Failure;
import io.foresell.kit.Refusal;
import io.foresell.kit.ServiceException;
import io.foresell.proto.inference.v1.ScoreError;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoreStreamRequest;
import io.foresell.proto.inference.v1.ScoreStreamResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One score stream. At most {@value #WINDOW} requests are read and not yet answered; the next is read when an answer is on its
 * way, so a caller that does not read its answers is not read either. Answers leave in the order of completion: a request that
 * waits for features or for the heavy lane holds up no other, and rows are answered in the order of arrival anyway.
 */
final class ScoreStream implements StreamObserver<ScoreStreamRequest>, Drainable {
    static final int WINDOW = 32;
    static final int MAX_ID = 128;

    private final ScoreStreams owner;
    private final ServerCallStreamObserver<ScoreStreamResponse> responses; // used under the lock only, once started
    private final ScoreErrors errors;
    private final Consumer<Drainable> whenEnded;

    @GuardedBy("this")
    private int unanswered; // read and not answered

    @GuardedBy("this")
    private int owed; // answered while the caller did not read; not asked for yet

    @GuardedBy("this")
    private long answeredCount;

    @GuardedBy("this")
    private boolean isHalfClosed;

    @GuardedBy("this")
    private boolean isDraining;

    @GuardedBy("this")
    private boolean hasDropped; // a message that came while draining, so that the end is no good one

    @GuardedBy("this")
    private boolean isEnded;

    ScoreStream(
            ScoreStreams owner,
            ServerCallStreamObserver<ScoreStreamResponse> responses,
            ScoreErrors errors,
            Consumer<Drainable> whenEnded) {
        this.owner = owner;
        this.responses = responses;
        this.errors = errors;
        this.whenEnded = whenEnded;
    }

    /** Takes over flow control; must happen before gRPC's call of the method returns. */
    void start() {
        responses.disableAutoRequest();
        responses.setOnReadyHandler(this::readOwed);
        responses.setOnCancelHandler(this::cancelled);
        responses.request(WINDOW);
    }

    @Override
    public void onNext(ScoreStreamRequest message) {
        synchronized (this) {
            if (isDraining || isEnded) {
                hasDropped = true; // without an answer it was not scored
                return;
            }
            unanswered++;
        }
        String id = message.getId();
        if (id.length() > MAX_ID) {
            refuse(
                    id.substring(0, MAX_ID),
                    Failure.invalid("ID_TOO_LONG", "id", id.length() + " characters", "at most " + MAX_ID));
            return;
        }
        Admission.Outcome outcome = owner.admission().enterRequest();
        if (outcome instanceof Refusal refusal) {
            refuse(id, refusal.failure());
            return;
        }
        score(message, new Answer(id, (Place) outcome));
    }

    private void refuse(String id, Failure failure) {
        send(id, null, errors.named(failure));
    }

    private void score(ScoreStreamRequest message, Answer answer) {
        try {
            Failure spent = owner.quotas().takeOne();
            if (spent != null) {
                throw new ServiceException(spent);
            }
            owner.scoring().score(message.getRequest(), answer);
        } catch (RuntimeException | Error e) {
            answer.onError(e);
        }
    }

    private synchronized void send(String id, @Nullable ScoreResponse response, @Nullable ScoreError error) {
        if (isEnded) {
            return;
        }
        ScoreStreamResponse.Builder message = ScoreStreamResponse.newBuilder().setId(id);
        if (response != null) {
            message.setResponse(response);
        } else if (error != null) {
            message.setError(error);
        }
        responses.onNext(message.build());
        answeredCount++;
        unanswered--;
        owed++;
        readOwed();
        endIfDone();
    }

    private synchronized void readOwed() {
        if (owed > 0 && !isEnded && !isDraining && responses.isReady()) {
            int count = owed;
            owed = 0;
            responses.request(count);
        }
    }

    @GuardedBy("this")
    private void endIfDone() {
        if (isEnded || unanswered > 0 || !(isHalfClosed || isDraining)) {
            return;
        }
        isEnded = true;
        whenEnded.accept(this);
        if (isHalfClosed && !hasDropped) {
            responses.onCompleted();
        } else {
            responses.onError(new ServiceException(Failure.unavailable(
                            "DRAINING",
                            "server: draining, %d requests answered (expected: the others at another server)"
                                    .formatted(answeredCount),
                            Duration.ofMillis(100))
                    .with("answered_count", Long.toString(answeredCount))));
        }
    }

    @Override
    public synchronized void drain() {
        isDraining = true;
        endIfDone();
    }

    @Override
    public synchronized void onCompleted() {
        isHalfClosed = true;
        endIfDone();
    }

    @Override
    public void onError(Throwable error) {
        cancelled();
    }

    private synchronized void cancelled() {
        isEnded = true;
        whenEnded.accept(this);
    }

    /** Where the answer of one request goes; gives back its place. */
    private final class Answer implements StreamObserver<ScoreResponse> {
        private final String id;
        private final Place place;
        private boolean isGiven; // one thread at a time has a request

        Answer(String id, Place place) {
            this.id = id;
            this.place = place;
        }

        @Override
        public void onNext(ScoreResponse response) {
            give(response, null);
        }

        @Override
        public void onError(Throwable error) {
            give(null, errors.of(error));
        }

        private void give(@Nullable ScoreResponse response, @Nullable ScoreError error) {
            if (!isGiven) {
                isGiven = true;
                place.leave();
                send(id, response, error);
            }
        }

        @Override
        public void onCompleted() {
            // The one response was the end.
        }
    }
}
