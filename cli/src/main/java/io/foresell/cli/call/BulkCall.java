package io.foresell.cli.call;

import io.foresell.proto.inference.v1.BulkHeader;
import io.foresell.proto.inference.v1.InferenceServiceGrpc.InferenceServiceStub;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import io.foresell.proto.inference.v1.ScoreBulkResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One bulk stream that has at most {@value #WINDOW} messages without an answer. Used by one thread; answers are taken on another,
 * one after the other.
 */
public final class BulkCall implements AutoCloseable {
    private static final int WINDOW = 4;

    private final Object lock = new Object();
    private final Consumer<ScoreBulkResponse> answers;
    private @Nullable ClientCallStreamObserver<ScoreBulkRequest> requests; // set before the call starts
    private int unansweredCount; // guarded by lock
    private @Nullable ScoreBulkResponse opened; // guarded by lock
    private @Nullable Throwable failure; // guarded by lock
    private boolean isEnded; // guarded by lock

    private BulkCall(Consumer<ScoreBulkResponse> answers) {
        this.answers = answers;
    }

    /**
     * Opens a stream and waits until the server has fixed the version.
     *
     * @param stub carries the deadline
     * @param answers takes the answers to rows in order; what it throws ends the stream
     * @throws StatusRuntimeException as the server says
     */
    public static BulkCall open(InferenceServiceStub stub, BulkHeader header, Consumer<ScoreBulkResponse> answers) {
        BulkCall call = new BulkCall(answers);
        stub.scoreBulk(call.new Answers());
        try {
            call.send(ScoreBulkRequest.newBuilder().setHeader(header).build());
            call.awaitAnswers(0);
            return call;
        } catch (RuntimeException e) {
            call.close();
            throw e;
        }
    }

    /** Returns what the server fixed. */
    public ScoreBulkResponse opened() {
        synchronized (lock) {
            if (opened == null) {
                throw new IllegalStateException("not open");
            }
            return opened;
        }
    }

    /**
     * Sends a message when fewer than the window wait for their answers.
     *
     * @throws StatusRuntimeException as the server says, also about earlier messages
     */
    public void send(ScoreBulkRequest message) {
        awaitAnswers(WINDOW - 1);
        ClientCallStreamObserver<ScoreBulkRequest> stream = requests;
        synchronized (lock) {
            unansweredCount++;
        }
        if (stream != null) {
            stream.onNext(message);
        }
    }

    /** Ends the stream and waits for all answers. */
    public void finish() {
        awaitAnswers(0);
        ClientCallStreamObserver<ScoreBulkRequest> stream = requests;
        if (stream != null) {
            stream.onCompleted();
        }
        await(() -> isEnded);
        synchronized (lock) {
            throwFailure();
        }
    }

    private void awaitAnswers(int most) {
        await(() -> isEnded || unansweredCount <= most);
        synchronized (lock) {
            throwFailure();
            if (isEnded) {
                throw Status.INTERNAL
                        .withDescription("the server ended before all rows were answered")
                        .asRuntimeException();
            }
        }
    }

    /** Waits; the condition is asked under the lock. */
    private void await(BooleanSupplier condition) {
        synchronized (lock) {
            try {
                while (!condition.getAsBoolean()) {
                    lock.wait(1000);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
            }
        }
    }

    private void throwFailure() {
        Throwable error = failure;
        if (error instanceof StatusRuntimeException status) {
            throw Status.fromThrowable(status).asRuntimeException(Status.trailersFromThrowable(status));
        }
        if (error instanceof RuntimeException local) {
            throw local;
        }
    }

    /** Gives the stream up when it has not ended; the server keeps the version for a while. */
    @Override
    public void close() {
        ClientCallStreamObserver<ScoreBulkRequest> stream = requests;
        boolean isOpen;
        synchronized (lock) {
            isOpen = !isEnded;
        }
        if (isOpen && stream != null) {
            stream.cancel("given up", null);
            await(() -> isEnded); // nothing is taken after this returns
        }
    }

    private final class Answers implements ClientResponseObserver<ScoreBulkRequest, ScoreBulkResponse> {
        @Override
        public void beforeStart(ClientCallStreamObserver<ScoreBulkRequest> stream) {
            requests = stream;
        }

        @Override
        public void onNext(ScoreBulkResponse answer) {
            boolean isHeader;
            synchronized (lock) {
                isHeader = opened == null;
            }
            RuntimeException problem = null;
            if (!isHeader) {
                try {
                    answers.accept(answer);
                } catch (RuntimeException e) {
                    problem = e;
                }
            }
            synchronized (lock) {
                opened = isHeader ? answer : opened;
                failure = failure == null ? problem : failure;
                unansweredCount--;
                lock.notifyAll();
            }
        }

        @Override
        public void onError(Throwable error) {
            end(error);
        }

        @Override
        public void onCompleted() {
            end(null);
        }

        private void end(@Nullable Throwable error) {
            synchronized (lock) {
                failure = failure == null ? error : failure;
                isEnded = true;
                lock.notifyAll();
            }
        }
    }
}
