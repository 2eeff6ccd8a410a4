package io.foresell.kit.trace;

import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts calls into their callers' traces. */
record TracedServer(Traces traces) implements ServerInterceptor {
    /** What is the server's fault; of the others the caller is to blame (OpenTelemetry's semantic conventions for gRPC). */
    private static final Set<Status.Code> ERRORS = EnumSet.of(
            Status.Code.UNKNOWN,
            Status.Code.DEADLINE_EXCEEDED,
            Status.Code.UNIMPLEMENTED,
            Status.Code.INTERNAL,
            Status.Code.UNAVAILABLE,
            Status.Code.DATA_LOSS);

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Context caller = traces.read(headers);
        if (!traces.isRecording()) {
            return caller == null
                    ? next.startCall(call, headers)
                    : Contexts.interceptCall(Traces.with(caller), call, headers, next);
        }
        Context parent = caller == null ? Context.root() : caller;
        Span span = traces.begin(SpanKind.SERVER, call.getMethodDescriptor(), parent);
        try {
            return new EndingListener<>(
                    Contexts.interceptCall(Traces.with(parent.with(span)), new EndingCall<>(call, span), headers, next),
                    span);
        } catch (RuntimeException | Error e) {
            Traces.end(span, Status.UNKNOWN, true);
            throw e;
        }
    }

    private static final class EndingCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final Span span;

        EndingCall(ServerCall<Q, A> call, Span span) {
            super(call);
            this.span = span;
        }

        @Override
        public void close(Status status, @Nullable Metadata trailers) {
            Traces.end(span, status, ERRORS.contains(status.getCode()));
            super.close(status, trailers);
        }
    }

    /** A caller that has gone is told no status; ending a span twice does nothing. */
    private static final class EndingListener<Q> extends SimpleForwardingServerCallListener<Q> {
        private final Span span;

        EndingListener(ServerCall.Listener<Q> delegate, Span span) {
            super(delegate);
            this.span = span;
        }

        @Override
        public void onCancel() {
            try {
                super.onCancel();
            } finally {
                if (span.isRecording()) {
                    Traces.end(span, Status.CANCELLED, false);
                }
            }
        }
    }
}
