package io.foresell.kit;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns every error of a handler into a status with details, whether thrown from a callback or passed to
 * {@code StreamObserver.onError}. Unforeseen errors are logged with their stack and hidden from the caller.
 */
final class FailureInterceptor implements ServerInterceptor {
    private static final Logger log = LoggerFactory.getLogger(FailureInterceptor.class);

    private final String domain;

    FailureInterceptor(String domain) {
        this.domain = domain;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        TranslatingCall<Q, A> translating = new TranslatingCall<>(call);
        try {
            return new GuardedListener<>(next.startCall(translating, headers), translating);
        } catch (RuntimeException | Error e) {
            translating.fail(e);
            return new ServerCall.Listener<>() {};
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
            Throwable cause = status.getCause();
            boolean isOurs = cause instanceof ServiceException || status.getCode() == Status.Code.UNKNOWN;
            if (isOurs && cause != null) {
                StatusRuntimeException translated = translate(cause);
                Metadata details = translated.getTrailers();
                super.close(translated.getStatus(), details == null ? new Metadata() : details);
            } else {
                super.close(status, trailers);
            }
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
            guarded(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            guarded(super::onHalfClose);
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
