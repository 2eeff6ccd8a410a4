package io.foresell.gateway;

import io.foresell.gateway.config.GatewayConfig;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
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

    /** Spans that go nowhere are not made, but for callers who trace: their context is passed on. */
    @Produces
    @Singleton
    Sampler sampled(GatewayConfig config) {
        boolean isExported = config.traces().endpoint().isPresent();
        return Sampler.parentBased(isExported ? Sampler.alwaysOn() : Sampler.alwaysOff());
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
