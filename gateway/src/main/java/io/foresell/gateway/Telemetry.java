package io.foresell.gateway;

import io.foresell.gateway.config.GatewayConfig;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Tags the meters as those of the gateway, and exports spans when told where to. */
public class Telemetry {
    @Produces
    @Singleton
    MeterFilter serviceTag() {
        return MeterFilter.commonTags(Tags.of("service", "gateway"));
    }

    /** The batch processor's queue is bounded (2048 spans); spans above it are dropped, never calls. */
    @Produces
    @Singleton
    SpanProcessor spans(GatewayConfig config) {
        return config.traces()
                .endpoint()
                .map(endpoint -> (SpanProcessor) BatchSpanProcessor.builder(OtlpGrpcSpanExporter.builder()
                                .setEndpoint(endpoint)
                                .setTimeout(Duration.ofSeconds(5))
                                .build())
                        .build())
                .orElseGet(SpanProcessor::composite);
    }
}
