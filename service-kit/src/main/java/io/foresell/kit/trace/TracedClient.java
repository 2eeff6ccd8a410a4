package io.foresell.kit.trace;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;

/** Puts calls to another server into the trace of the call they are made for. */
record TracedClient(Traces traces) implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        Context parent = Traces.current();
        boolean isTraced = parent != Context.root();
        ClientCall<Q, A> call = next.newCall(method, options);
        return traces.isRecording() || isTraced ? new TracedCall<>(call, traces, method, parent) : call;
    }

    private static final class TracedCall<Q, A> extends SimpleForwardingClientCall<Q, A> {
        private final Traces traces;
        private final MethodDescriptor<Q, A> method;
        private final Context parent;

        TracedCall(ClientCall<Q, A> call, Traces traces, MethodDescriptor<Q, A> method, Context parent) {
            super(call);
            this.traces = traces;
            this.method = method;
            this.parent = parent;
        }

        @Override
        public void start(Listener<A> listener, Metadata headers) {
            if (!traces.isRecording()) {
                traces.write(parent, headers);
                super.start(listener, headers);
                return;
            }
            Span span = traces.begin(SpanKind.CLIENT, method, parent);
            traces.write(parent.with(span), headers);
            try {
                super.start(new EndingListener<>(listener, span), headers);
            } catch (RuntimeException | Error e) {
                Traces.end(span, Status.UNKNOWN, true);
                throw e;
            }
        }
    }

    private static final class EndingListener<A> extends SimpleForwardingClientCallListener<A> {
        private final Span span;

        EndingListener(ClientCall.Listener<A> delegate, Span span) {
            super(delegate);
            this.span = span;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            Traces.end(span, status, !status.isOk());
            super.onClose(status, trailers);
        }
    }
}
