package io.foresell.inference.route;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The meters of one loaded version, made once at load so that the row path looks nothing up. Thread-safe. */
public final class VersionMeters implements AutoCloseable {
    private final MeterRegistry meters;
    private final Timer scoring;
    private final Counter rows;

    public VersionMeters(MeterRegistry meters, String model, int version) {
        this.meters = meters;
        String versionTag = Integer.toString(version);
        this.scoring = Timer.builder("inference_scoring")
                .description("Time to score and explain the rows of one call")
                .tag("model", model)
                .tag("version", versionTag)
                .serviceLevelObjectives(
                        Duration.ofNanos(10_000),
                        Duration.ofNanos(50_000),
                        Duration.ofNanos(250_000),
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(25),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500))
                .register(meters);
        this.rows = Counter.builder("inference_rows")
                .description("Rows scored")
                .tag("model", model)
                .tag("version", versionTag)
                .register(meters);
    }

    public void scored(int rowCount, long scoringNanos) {
        scoring.record(scoringNanos, TimeUnit.NANOSECONDS);
        rows.increment(rowCount);
    }

    /** Takes the meters of a version that no longer serves out of the registry, so that versions do not pile up there. */
    @Override
    public void close() {
        meters.remove(scoring);
        meters.remove(rows);
    }
}
