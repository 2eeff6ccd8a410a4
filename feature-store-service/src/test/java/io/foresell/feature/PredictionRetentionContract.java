package io.foresell.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.feature.database.FeatureDatabase;
import io.foresell.feature.database.MongoSettings;
import io.foresell.feature.prediction.Outcome;
import io.foresell.feature.prediction.OutcomeReports.Report;
import io.foresell.feature.prediction.OutcomeTarget;
import io.foresell.feature.prediction.Prediction;
import io.foresell.feature.prediction.PredictionLog;
import io.foresell.kit.ServiceException;
import io.foresell.kit.trace.Traces;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.bson.types.Binary;
import org.junit.jupiter.api.Test;

/** How predictions are deleted when their time is over. */
abstract class PredictionRetentionContract {
    private static final int DAYS = 30;

    /** Returns where the database is. */
    abstract String mongoUri();

    private static Prediction prediction(String id) {
        return new Prediction(
                id,
                "churn",
                1,
                PredictionRecords.DIGEST,
                1,
                "customer",
                "C-1",
                0,
                0.5,
                false,
                "",
                List.of(),
                List.of(),
                null,
                List.of(),
                "",
                new Binary(new byte[0]),
                1,
                List.of());
    }

    @Test
    void deletesWhatIsOlderThanTheRetention() {
        TestClock clock = new TestClock();
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        try (FeatureDatabase database =
                FeatureDatabase.open(MongoSettings.of(mongoUri(), name), new Traces(OpenTelemetry.noop(), false))) {
            PredictionLog log = new PredictionLog(database, DAYS, clock);
            log.createIndexes();
            String old = PredictionRecords.id("2024-05-20T00:00:00Z", 1);
            String young = PredictionRecords.id("2024-05-25T00:00:00Z", 2);
            log.append(List.of(prediction(old), prediction(young)), List.of());
            long reported = Instant.parse(RunningFeatureStore.NOW).toEpochMilli();
            Outcome outcome = new Outcome("o", "label", 1.0, null, true, "", 0, 0, reported, reported);
            log.report(List.of(new Report(OutcomeTarget.prediction(young), outcome)));

            assertThat(log.prune()).as("all are young enough").isZero();
            clock.set("2024-06-20T00:00:00.001Z");

            assertThat(log.prune()).isEqualTo(1);
            assertThatThrownBy(() -> log.get(old)).isInstanceOf(ServiceException.class);
            assertThat(log.get(young).outcome("label")).isEqualTo(outcome);
            assertThat(log.append(List.of(prediction(old)), List.of()).refusedCount())
                    .as("it does not come back")
                    .isEqualTo(1);
        }
    }
}
