package io.foresell.inference.admit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The one counter of what is refused, by reason. */
final class RefusedCalls {
    private RefusedCalls() {}

    static Counter counter(MeterRegistry meters, String reason) {
        return Counter.builder("admission_refused")
                .description("Calls, and requests of streams, refused before any work")
                .tag("reason", reason)
                .register(meters);
    }
}
