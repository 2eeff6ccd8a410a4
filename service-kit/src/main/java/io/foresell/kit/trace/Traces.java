package io.foresell.kit.trace;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import org.jspecify.annotations.Nullable;

/** The traces of one process. Names and attributes of spans are OpenTelemetry's semantic conventions for RPC. Thread-safe. */
public final class Traces {
    private static final io.grpc.Context.Key<Context> CURRENT = io.grpc.Context.key("foresell-trace");
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system");
    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("rpc.service");
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("rpc.grpc.status_code");

    private final Tracer tracer;
    private final TextMapPropagator propagator;
    private final boolean isRecording;

    /** Makes the traces of a process; unless {@code isRecording}, callers' traces are passed on and no span is made. */
    public Traces(OpenTelemetry telemetry, boolean isRecording) {
        this.tracer = telemetry.getTracer("io.foresell.kit");
        this.propagator = telemetry.getPropagators().getTextMapPropagator();
        this.isRecording = isRecording;
    }

    /** Returns what puts every call to a server into its caller's trace, or into one of its own. */
    public ServerInterceptor server() {
        return new TracedServer(this);
    }

    /** Returns what puts every call to another server into the trace of the call it is made for. */
    public ClientInterceptor client() {
        return new TracedClient(this);
    }

    /**
     * Begins a piece of work for the gRPC call of this thread, such as one call of a database.
     *
     * @return ended by who asked; one that records nothing where spans are not exported
     */
    public Span begin(String name) {
        return isRecording
                ? tracer.spanBuilder(name)
                        .setSpanKind(SpanKind.CLIENT)
                        .setParent(current())
                        .startSpan()
                : Span.getInvalid();
    }

    boolean isRecording() {
        return isRecording;
    }

    static Context current() {
        Context current = CURRENT.get();
        return current == null ? Context.root() : current;
    }

    static io.grpc.Context with(Context trace) {
        return io.grpc.Context.current().withValue(CURRENT, trace);
    }

    /** Returns the trace that headers name, null for none. */
    @Nullable
    Context read(Metadata headers) {
        if (!headers.containsKey(TraceHeaders.PARENT)) {
            return null;
        }
        Context read = propagator.extract(Context.root(), headers, TraceHeaders.GETTER);
        return Span.fromContext(read).getSpanContext().isValid() ? read : null;
    }

    void write(Context trace, Metadata headers) {
        propagator.inject(trace, headers, TraceHeaders.SETTER);
    }

    Span begin(SpanKind kind, MethodDescriptor<?, ?> method, Context parent) {
        SpanBuilder builder = tracer.spanBuilder(method.getFullMethodName())
                .setSpanKind(kind)
                .setParent(parent)
                .setAttribute(SYSTEM, "grpc")
                .setAttribute(METHOD, String.valueOf(method.getBareMethodName()));
        String service = method.getServiceName();
        return (service == null ? builder : builder.setAttribute(SERVICE, service)).startSpan();
    }

    static void end(Span span, Status status, boolean isError) {
        span.setAttribute(STATUS, (long) status.getCode().value());
        if (isError) {
            span.setStatus(StatusCode.ERROR, status.getCode().name());
        }
        span.end();
    }

    /** The W3C headers; read as text, whatever they hold. */
    private static final class TraceHeaders implements TextMapGetter<Metadata>, TextMapSetter<Metadata> {
        static final Metadata.Key<String> PARENT = key("traceparent");
        static final TraceHeaders GETTER = new TraceHeaders();
        static final TraceHeaders SETTER = GETTER;

        private static Metadata.Key<String> key(String name) {
            return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
        }

        @Override
        public Iterable<String> keys(Metadata headers) {
            return headers.keys();
        }

        @Override
        public @Nullable String get(@Nullable Metadata headers, String name) {
            return headers == null ? null : headers.get(key(name));
        }

        @Override
        public void set(@Nullable Metadata headers, String name, String value) {
            if (headers != null) {
                headers.discardAll(key(name));
                headers.put(key(name), value);
            }
        }
    }
}
