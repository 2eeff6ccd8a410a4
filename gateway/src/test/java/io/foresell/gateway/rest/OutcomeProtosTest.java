package io.foresell.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.foresell.gateway.problem.ProblemException;
import io.foresell.proto.prediction.v1.Outcome;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.foresell.proto.prediction.v1.PredictionMetrics;
import io.foresell.proto.prediction.v1.PredictionRecord;
import io.foresell.proto.prediction.v1.RecordedFeatures;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Outcomes from JSON, and wide answers as JSON. */
final class OutcomeProtosTest {
    private static Outcomes.Outcome outcome(
            @Nullable String predictionId,
            @Nullable String subject,
            @Nullable Object value,
            @Nullable String observed) {
        return new Outcomes.Outcome(
                null, null, predictionId, "churn", null, subject, null, "2024-06-01T00:00:00Z", value, observed);
    }

    private static Outcome read(Outcomes.Outcome outcome) {
        return OutcomeProtos.request(new Outcomes.Report(List.of(outcome))).getOutcomes(0);
    }

    @Test
    void readsNumbersTruthsAndClasses() {
        assertThat(read(outcome("P", null, 2.5, null)).getNumber()).isEqualTo(2.5);
        assertThat(read(outcome("P", null, true, null)).getNumber()).isEqualTo(1);
        assertThat(read(outcome("P", null, false, null)).getNumber()).isZero();
        assertThat(read(outcome("P", null, "gold", null)).getText()).isEqualTo("gold");
    }

    @Test
    void readsSubjectsAndInstants() {
        Outcome read = read(outcome(null, "C-1", 1, "2024-06-02T00:00:00Z"));

        assertThat(read.getSubjectWindow().getSubject()).isEqualTo("C-1");
        assertThat(read.getSubjectWindow().getModel()).isEqualTo("churn");
        assertThat(read.getSubjectWindow().getUntilMillis())
                .isEqualTo(Instant.parse("2024-06-01T00:00:00Z").toEpochMilli());
        assertThat(read.getObservedAtMillis())
                .isEqualTo(Instant.parse("2024-06-02T00:00:00Z").toEpochMilli());
    }

    @Test
    void namesTheFieldAtFault() {
        assertFault(outcome("P", "C-1", 1, null), "outcomes[0].prediction_id");
        assertFault(outcome(null, null, 1, null), "outcomes[0].prediction_id");
        assertFault(outcome("P", null, null, null), "outcomes[0].value");
        assertFault(outcome("P", null, List.of(1), null), "outcomes[0].value");
        assertFault(outcome("P", null, 1, "yesterday"), "outcomes[0].observed_at");
        assertThatThrownBy(() -> OutcomeProtos.request(null)).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> OutcomeProtos.request(new Outcomes.Report(Arrays.asList((Outcomes.Outcome) null))))
                .isInstanceOf(ProblemException.class);
    }

    private static void assertFault(Outcomes.Outcome outcome, String field) {
        assertThatThrownBy(() -> read(outcome))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(field);
    }

    @Test
    void writesWideAnswersUnderTheNamesOfTheProto() {
        Map<String, @Nullable Object> record = MessageJson.of(PredictionRecord.newBuilder()
                .setKind(PredictionKind.PREDICTION_KIND_SHADOW)
                .setScoredAtMillis(5_000_000_000L)
                .setFeatures(RecordedFeatures.newBuilder()
                        .setNumbers(ByteString.copyFromUtf8("abcd"))
                        .addTexts("x"))
                .build());
        Map<String, @Nullable Object> metrics =
                MessageJson.of(PredictionMetrics.newBuilder().setRocAuc(0.5).build());

        assertThat(record)
                .containsEntry("kind", "PREDICTION_KIND_SHADOW")
                .containsEntry("scored_at_millis", 5_000_000_000L)
                .containsEntry("features", Map.of("numbers", "YWJjZA==", "texts", List.of("x")))
                .containsEntry("answer", null);
        assertThat(metrics).containsEntry("roc_auc", 0.5).containsEntry("brier", null);
    }
}
