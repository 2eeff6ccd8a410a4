package io.foresell.cli.call;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One client-streaming call that sends messages no faster than the server takes them and waits for the single answer.
 * Used once, by one thread.
 */
public final class Upload<Q, A> {
    private final Object lock = new Object();
    private @Nullable ClientCallStreamObserver<Q> requests; // set before the call starts, by the sending thread
    private @Nullable A answer; // guarded by lock
    private @Nullable Throwable failure; // guarded by lock
    private boolean isEnded; // guarded by lock

    private Upload() {}

    /**
     * Sends all messages and returns the answer.
     *
     * @param call the method of an asynchronous stub that carries a deadline
     * @param sent is told of every message handed to the network
     * @throws StatusRuntimeException as the server says
     */
    public static <Q, A> A send(
            Function<StreamObserver<A>, StreamObserver<Q>> call, Iterator<Q> messages, Consumer<Q> sent) {
        return new Upload<Q, A>().run(call, messages, sent);
    }

    private A run(Function<StreamObserver<A>, StreamObserver<Q>> call, Iterator<Q> messages, Consumer<Q> sent) {
        StreamObserver<Q> stream = call.apply(new Answer());
        try {
            while (messages.hasNext() && awaitReady()) {
                Q message = messages.next();
                stream.onNext(message);
                sent.accept(message);
            }
            if (!hasEnded()) {
                stream.onCompleted();
            }
            return awaitAnswer();
        } catch (InterruptedException e) {
            stream.onError(Status.CANCELLED.withDescription("interrupted").asRuntimeException());
            Thread.currentThread().interrupt();
            throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
        } catch (IllegalStateException e) {
            // The call ended between the check and the message: its status says why.
            if (hasEnded()) {
                return awaitAnswerAfterEnd();
            }
            throw e;
        }
    }

    private boolean hasEnded() {
        synchronized (lock) {
            return isEnded;
        }
    }

    /** Waits until the next message may be sent; false when the call has ended early. The deadline ends the wait. */
    private boolean awaitReady() throws InterruptedException {
        synchronized (lock) {
            while (!isEnded && requests != null && !requests.isReady()) {
                lock.wait(1000);
            }
            return !isEnded;
        }
    }

    private A awaitAnswer() throws InterruptedException {
        synchronized (lock) {
            while (!isEnded) {
                lock.wait(1000);
            }
        }
        return awaitAnswerAfterEnd();
    }

    private A awaitAnswerAfterEnd() {
        synchronized (lock) {
            if (failure != null) {
                throw Status.fromThrowable(failure).asRuntimeException(Status.trailersFromThrowable(failure));
            }
            if (answer == null) {
                throw Status.INTERNAL
                        .withDescription("the server ended without an answer")
                        .asRuntimeException();
            }
            return answer;
        }
    }

    private final class Answer implements ClientResponseObserver<Q, A> {
        @Override
        public void beforeStart(ClientCallStreamObserver<Q> stream) {
            requests = stream;
            stream.setOnReadyHandler(this::wake);
        }

        private void wake() {
            synchronized (lock) {
                lock.notifyAll();
            }
        }

        @Override
        public void onNext(A value) {
            synchronized (lock) {
                answer = value;
            }
        }

        @Override
        public void onError(Throwable error) {
            synchronized (lock) {
                failure = error;
                isEnded = true;
                lock.notifyAll();
            }
        }

        @Override
        public void onCompleted() {
            synchronized (lock) {
                isEnded = true;
                lock.notifyAll();
            }
        }
    }
}
