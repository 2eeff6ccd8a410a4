package io.foresell.kit;

import io.foresell.kit.AccessTable.Rule;
import io.foresell.kit.identity.Identity;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.List;
import java.util.Map;

/**
 * A call whose every message is asked for its model, whose answers leave out what the caller may not know of, and which ends
 * when the proof of who calls does.
 */
final class GuardedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final AccessInterceptor access;
    private final Identity identity;
    private final Rule rule;
    private final boolean isEverywhere;
    private volatile boolean isRefused;

    GuardedCall(ServerCall<Q, A> call, AccessInterceptor access, Identity identity, Rule rule, boolean isEverywhere) {
        super(call);
        this.access = access;
        this.identity = identity;
        this.rule = rule;
        this.isEverywhere = isEverywhere;
    }

    ServerCall.Listener<Q> listener(ServerCall.Listener<Q> handler) {
        return new AskingListener(handler);
    }

    private boolean mayKnow(String model) {
        return identity.may(rule.roles(), model);
    }

    private void require(Q message) {
        if (!access.holds(identity)) {
            throw ended();
        }
        String model =
                isEverywhere || rule.model() == null ? null : rule.model().model(message);
        if (model != null && !mayKnow(model)) {
            throw access.denied(identity, rule, model);
        }
    }

    private static ServiceException ended() {
        return new ServiceException(Failure.unauthenticated(
                "CREDENTIAL_ENDED", "authorization: expired or revoked while the call ran (expected: a new call)"));
    }

    /** Refuses the rest of the call. Handlers may be sending on another thread. */
    private synchronized void refuse(ServiceException cause) {
        if (!isRefused) {
            isRefused = true;
            super.close(Status.UNKNOWN.withCause(cause), new Metadata()); // translated outside
        }
    }

    @Override
    public boolean isCancelled() {
        return isRefused || super.isCancelled();
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
        if (!isRefused) {
            super.sendHeaders(headers);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // a filter returns what it takes
    public synchronized void sendMessage(A message) {
        if (isRefused) {
            return; // closed: grpc-java would throw
        }
        if (!access.holds(identity)) {
            refuse(ended());
            return;
        }
        AccessTable.Filter<Object> filter = isEverywhere ? null : rule.filter();
        super.sendMessage(filter == null ? message : (A) filter.kept(message, this::mayKnow));
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
        if (isRefused) {
            return;
        }
        super.close(isEverywhere ? status : hidden(status), trailers);
    }

    /** Returns the status without the usual words of a thing not found, which name what does exist. */
    private static Status hidden(Status status) {
        if (status.getCause() instanceof ServiceException known
                && known.failure().code() == Status.Code.NOT_FOUND) {
            String reason = known.failure().reason();
            return Status.UNKNOWN.withCause(new ServiceException(
                    new Failure(Status.Code.NOT_FOUND, reason, "not found", Map.of(), List.of(), null)));
        }
        return status.getCode() == Status.Code.NOT_FOUND ? Status.NOT_FOUND.withDescription("not found") : status;
    }

    private final class AskingListener extends SimpleForwardingServerCallListener<Q> {
        AskingListener(ServerCall.Listener<Q> handler) {
            super(handler);
        }

        @Override
        public void onMessage(Q message) {
            if (isRefused) {
                return;
            }
            try {
                require(message);
            } catch (ServiceException e) {
                refuse(e);
                return;
            }
            told(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            if (!isRefused) {
                told(super::onHalfClose);
            }
        }

        /** What a handler throws goes through {@link #close} like what it passes on. */
        private void told(Runnable callback) {
            try {
                callback.run();
            } catch (ServiceException e) {
                close(Status.UNKNOWN.withCause(e), new Metadata());
            }
        }

        /** A handler that was cut short is told so, and gives back what it holds. */
        @Override
        public void onComplete() {
            if (isRefused) {
                super.onCancel();
            } else {
                super.onComplete();
            }
        }
    }
}
