package io.foresell.kit;

import io.foresell.kit.ReadableRequests.Unreadable;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns every error of a handler into a status with details, whether thrown from a callback or passed to
 * {@code StreamObserver.onError}. Unforeseen errors are logged with their stack and hidden from the caller.
 */
final class FailureInterceptor implements ServerInterceptor {
    private static final Logger log = LoggerFactory.getLogger(FailureInterceptor.class);

    /** What callers send beside their message: credentials, deadline, trace. gRPC's own default is half of it. */
    static final int MAX_METADATA_BYTES = 16 << 10;

    /** What gRPC's stubs say of a caller who sends no message, or two, where one is expected; they call it INTERNAL. */
    private static final Set<String> WRONG_COUNT = Set.of("Half-closed without a request", "Too many requests");

    private final String domain;

    FailureInterceptor(String domain) {
        this.domain = domain;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        TranslatingCall<Q, A> translating = new TranslatingCall<>(call);
        try {
            requireMetadata(headers);
            return new GuardedListener<>(next.startCall(translating, headers), translating);
        } catch (RuntimeException | Error e) {
            translating.fail(e);
            return new ServerCall.Listener<>() {};
        }
    }

    private static void requireMetadata(Metadata headers) {
        long bytes = 0;
        for (byte[] each : InternalMetadata.serialize(headers)) { // names and values as they came, not copied
            bytes += each.length;
        }
        if (bytes > MAX_METADATA_BYTES) {
            throw new ServiceException(
                    Failure.invalid("METADATA_TOO_LARGE", "metadata_bytes", bytes, "0.." + MAX_METADATA_BYTES));
        }
    }

    private final class TranslatingCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private boolean isClosed; // calls on one ServerCall are serialised by grpc-java

        TranslatingCall(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            Throwable cause = isWrongCount(status)
                    ? new ServiceException(Failure.invalid("REQUEST_COUNT", "request: none or several (expected: one)"))
                    : status.getCause();
            boolean isOurs = cause instanceof ServiceException || status.getCode() == Status.Code.UNKNOWN;
            if (isOurs && cause != null) {
                StatusRuntimeException translated = translate(cause);
                Metadata details = translated.getTrailers();
                super.close(translated.getStatus(), details == null ? new Metadata() : details);
            } else {
                super.close(status, trailers);
            }
        }

        private static boolean isWrongCount(Status status) {
            return status.getCode() == Status.Code.INTERNAL
                    && status.getDescription() != null
                    && WRONG_COUNT.contains(status.getDescription());
        }

        void fail(Throwable error) {
            close(Status.UNKNOWN.withCause(error), new Metadata());
        }

        private StatusRuntimeException translate(Throwable error) {
            StatusRuntimeException translated = FailureStatus.toStatus(error, domain);
            if (translated.getStatus().getCode() == Status.Code.INTERNAL) {
                log.error("call failed method={}", getMethodDescriptor().getFullMethodName(), error);
            }
            return translated;
        }
    }

    private static final class GuardedListener<Q, A> extends SimpleForwardingServerCallListener<Q> {
        private final TranslatingCall<Q, A> call;
        private boolean isUnreadable; // callbacks of one call are serialised by grpc-java

        GuardedListener(ServerCall.Listener<Q> delegate, TranslatingCall<Q, A> call) {
            super(delegate);
            this.call = call;
        }

        private void guarded(Runnable callback) {
            try {
                callback.run();
            } catch (RuntimeException | Error e) {
                call.fail(e);
            }
        }

        @Override
        public void onMessage(Q message) {
            if (message instanceof Unreadable unreadable) {
                isUnreadable = true;
                call.fail(new ServiceException(unreadable.failure()));
            } else if (!isUnreadable) {
                guarded(() -> super.onMessage(message));
            }
        }

        @Override
        public void onHalfClose() {
            if (!isUnreadable) {
                guarded(super::onHalfClose);
            }
        }

        /** A handler whose caller was refused is told that the call was cut short, and gives back what it holds. */
        @Override
        public void onComplete() {
            if (isUnreadable) {
                guarded(super::onCancel);
            } else {
                super.onComplete();
            }
        }

        @Override
        public void onReady() {
            guarded(super::onReady);
        }

        @Override
        public void onCancel() {
            guarded(super::onCancel);
        }
    }
}
