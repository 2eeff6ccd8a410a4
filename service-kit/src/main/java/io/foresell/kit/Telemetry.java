package io.foresell.kit;

import io.foresell.kit.rotate.Rotation;
import io.foresell.kit.trace.Traces;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The meters and traces of one process; owned and closed by its main. Trace context is always passed on, spans are exported only when told where to. */
public final class Telemetry implements AutoCloseable {
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gcMetrics = new JvmGcMetrics();
    private final OpenTelemetrySdk openTelemetry;
    private final Traces traces;
    private final List<Rotation> rotations = new CopyOnWriteArrayList<>(); // those of open servers and clients
    private final List<StandingNotice> notices = new CopyOnWriteArrayList<>(); // those that are not closed

    private Telemetry(String service, @Nullable SpanProcessor spans) {
        meters.config().commonTags("service", service);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        gcMetrics.bindTo(meters);
        Gauge.builder("rotation_problems", this, now -> now.problems().size())
                .description("Certificates, keys and rights whose newest files cannot be used; those before are")
                .register(meters);
        openTelemetry = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setResource(Resource.getDefault().toBuilder()
                                .put(AttributeKey.stringKey("service.name"), service)
                                .build())
                        .addSpanProcessor(spans == null ? SpanProcessor.composite() : spans)
                        .build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
        traces = new Traces(openTelemetry, spans != null);
    }

    /** Reads {@code traces.endpoint} (OTLP over gRPC, e.g. {@code http://collector:4317}); empty exports nothing. */
    public static Telemetry read(String service, Settings settings) {
        String endpoint = settings.text("traces.endpoint", "", "OTLP gRPC endpoint for traces; empty exports none");
        if (endpoint.isEmpty()) {
            return new Telemetry(service, null);
        }
        // The batch processor's queue is bounded (2048 spans); spans above it are dropped, never calls.
        return new Telemetry(
                service,
                BatchSpanProcessor.builder(OtlpGrpcSpanExporter.builder()
                                .setEndpoint(endpoint)
                                .setTimeout(Duration.ofSeconds(5))
                                .build())
                        .build());
    }

    /** Meters only; for tests and embedding. */
    public static Telemetry local(String service) {
        return new Telemetry(service, null);
    }

    /** Meters, and spans handed to {@code spans}; for tests that look at traces. */
    public static Telemetry withSpans(String service, SpanProcessor spans) {
        return new Telemetry(service, spans);
    }

    public PrometheusMeterRegistry meters() {
        return meters;
    }

    public Traces traces() {
        return traces;
    }

    /** Counts what of a rotation is not in use and tells it on {@code /readyz}, until it is closed. */
    void watch(Rotation rotation) {
        rotations.removeIf(Rotation::isClosed);
        rotations.add(rotation);
    }

    /** Returns why something newest is not in use, one sentence each. */
    List<String> problems() {
        return rotations.stream()
                .filter(rotation -> !rotation.isClosed())
                .flatMap(rotation -> rotation.problems().stream())
                .distinct()
                .toList();
    }

    /** Something that {@code /readyz} tells while it is so; closing ends it. */
    public interface Notice extends AutoCloseable {
        @Override
        void close();
    }

    /** Lists sentences on {@code /readyz}, as long as there are any and until the notice is closed. They make nothing unready. */
    public Notice notice(Supplier<List<String>> sentences) {
        StandingNotice notice = new StandingNotice(sentences);
        notices.add(notice);
        return notice;
    }

    private final class StandingNotice implements Notice {
        private final Supplier<List<String>> sentences;

        StandingNotice(Supplier<List<String>> sentences) {
            this.sentences = sentences;
        }

        @Override
        public void close() {
            notices.remove(this);
        }
    }

    /** Returns what people should know though the process serves, one sentence each. */
    List<String> notices() {
        List<String> all = new ArrayList<>(problems());
        notices.forEach(notice -> all.addAll(notice.sentences.get()));
        return all;
    }

    @Override
    public void close() {
        openTelemetry.close();
        gcMetrics.close();
        meters.close();
    }
}
