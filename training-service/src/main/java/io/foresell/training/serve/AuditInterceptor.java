package io.foresell.training.serve;

import io.foresell.kit.Caller;
import io.foresell.kit.ServiceException;
import io.foresell.training.registry.ModelRegistry;
import io.foresell.training.registry.audit.AuditEntry.Draft;
import io.foresell.training.registry.audit.AuditLog;
import io.foresell.training.serve.AuditTable.Said;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes every call that changes what serves to the audit log before it is answered, refused ones too; not those of nobody, who could fill
 * the log. Stands outside of who asks for rights, so it sees whom that refuses.
 */
public final class AuditInterceptor implements ServerInterceptor {
    private static final Logger log = LoggerFactory.getLogger(AuditInterceptor.class);
    private static final Said UNREAD = new Said("", "", "", "", "");

    private final AuditLog audit;
    private final AuditTable table;
    private final Counter failed;

    public AuditInterceptor(AuditLog audit, ModelRegistry registry, MeterRegistry meters) {
        this.audit = audit;
        this.table = AuditTable.of(registry);
        this.failed = Counter.builder("audit_failed")
                .description("Actions that could not be written to the audit log; the process's log has them")
                .register(meters);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Function<Object, Said> words = table.of(call.getMethodDescriptor());
        if (words == null) {
            return next.startCall(call, headers);
        }
        WatchedCall<Q, A> watched = new WatchedCall<>(call);
        try {
            return new ReadingListener<>(next.startCall(watched, headers), watched, words);
        } catch (ServiceException e) {
            watched.write(Status.UNKNOWN.withCause(e));
            throw e;
        }
    }

    private void append(Draft draft) {
        try {
            audit.append(draft);
        } catch (RuntimeException e) {
            failed.increment();
            log.error("audit line not written draft={}", draft, e);
        }
    }

    /** Calls on one call are serialised by grpc-java. */
    private final class WatchedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private Said said = UNREAD;
        private boolean isWritten;

        WatchedCall(ServerCall<Q, A> call) {
            super(call);
        }

        void read(Said request) {
            said = request;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            write(status);
            super.close(status, trailers);
        }

        void write(Status status) {
            ServiceException refused = status.getCause() instanceof ServiceException known ? known : null;
            boolean isNobody = refused != null && refused.failure().code() == Status.Code.UNAUTHENTICATED;
            if (isWritten || isNobody) {
                return;
            }
            isWritten = true;
            String caller = Caller.verified();
            if (Caller.IDENTITY.get() == null && refused != null) {
                caller = refused.failure().metadata().getOrDefault("caller", caller); // refused before the call began
            }
            String outcome = refused == null
                    ? status.getCode().name()
                    : refused.failure().reason();
            String action = String.valueOf(getMethodDescriptor().getBareMethodName());
            append(new Draft(
                    caller, said.actor(), action, said.model(), said.from(), said.to(), said.reason(), outcome));
        }
    }

    private static final class ReadingListener<Q, A> extends SimpleForwardingServerCallListener<Q> {
        private final WatchedCall<Q, A> call;
        private final Function<Object, Said> words;

        ReadingListener(ServerCall.Listener<Q> handler, WatchedCall<Q, A> call, Function<Object, Said> words) {
            super(handler);
            this.call = call;
            this.words = words;
        }

        @Override
        public void onMessage(Q message) {
            try {
                call.read(words.apply(message));
            } catch (RuntimeException e) {
                log.warn("request not read for the audit error={}", e.toString());
            }
            told(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            told(super::onHalfClose);
        }

        private void told(Runnable callback) {
            try {
                callback.run();
            } catch (ServiceException e) {
                call.write(Status.UNKNOWN.withCause(e));
                throw e;
            }
        }
    }
}
