package io.foresell.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.gateway.problem.ProblemException;
import io.foresell.proto.inference.v1.DegradationCause;
import io.foresell.proto.inference.v1.DegradationRung;
import io.foresell.proto.inference.v1.LabelScore;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.NamedRows;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.inference.v1.Value;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ScoreProtosTest {
    @Test
    void saysThatAModelRefusedToAnswerAndFromWhereOnItWould() {
        ScoredRow refused = ScoredRow.newBuilder()
                .setScore(0.2)
                .addLabels(LabelScore.newBuilder().setLabel("card").setScore(0.2))
                .setRefused(true)
                .setRefuseBelow(0.35)
                .build();

        Scores.ScoredRow row = ScoreProtos.row(refused);

        assertThat(row.refused()).isTrue();
        assertThat(row.refuseBelow()).isEqualTo(0.35);
        assertThat(row.label()).isEmpty();
        assertThat(row.labels()).extracting(Scores.LabelScore::label).containsExactly("card");
        Scores.ScoredRow usual = ScoreProtos.row(ScoredRow.getDefaultInstance());
        assertThat(usual.refused()).isFalse();
        assertThat(usual.refuseBelow()).isNull();
    }

    private static Scores.ScoreQuestion question(
            @Nullable NamedRows rows, @Nullable List<String> subjects, @Nullable List<String> entities) {
        return new Scores.ScoreQuestion(rows, subjects, entities, null, null, null, null, null);
    }

    private static NamedRows rows(int count) {
        NamedRows.Builder rows = NamedRows.newBuilder();
        for (int i = 0; i < count; i++) {
            rows.addRowsBuilder()
                    .putValues("tenure", Value.newBuilder().setNumber(i).build());
        }
        return rows.build();
    }

    @Test
    void subjectsGoWithTheirRows() {
        NamedRows rows = rows(3);
        var request = ScoreProtos.question("churn", question(rows, Arrays.asList("C-1", null, "C-3"), null));
        assertThat(request.getNamedRows().getRowsList())
                .extracting(NamedRow::getSubject)
                .containsExactly("C-1", "", "C-3");
        assertThat(ScoreProtos.question("churn", question(rows, null, null))
                        .getNamedRows()
                        .getRowsList())
                .allMatch(row -> row.getSubject().isEmpty());
        assertThat(ScoreProtos.row(ScoredRow.newBuilder().setIsHeldOut(true).build())
                        .heldOut())
                .isTrue();
    }

    @Test
    void saysWhatAnsweredInsteadOfTheVersionChosen() {
        ScoredRow.Builder row = ScoredRow.newBuilder();
        assertThat(ScoreProtos.row(row.build()).degradation()).isNull();
        row.getDegradationBuilder()
                .setRung(DegradationRung.DEGRADATION_RUNG_LAST_KNOWN)
                .setCause(DegradationCause.DEGRADATION_CAUSE_FEATURES_LATE)
                .setChosenVersion(3)
                .setAgeSeconds(1.5);
        assertThat(ScoreProtos.row(row.build()).degradation())
                .isEqualTo(new Scores.Degradation("last_known", "features_late", 3, 1.5));
        row.getDegradationBuilder()
                .setRung(DegradationRung.DEGRADATION_RUNG_FALLBACK)
                .clearAgeSeconds();
        assertThat(ScoreProtos.row(row.build()).degradation())
                .isEqualTo(new Scores.Degradation("fallback", "features_late", 3, null));
    }

    @Test
    void refusesSubjectsThatAreNotOneForEachRow() {
        NamedRows rows = rows(2);
        assertThatThrownBy(() -> ScoreProtos.question("churn", question(rows, List.of("C-1"), null)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("1 (expected: one for each of the 2 rows)");
        assertThatThrownBy(() -> ScoreProtos.question("churn", question(null, List.of("C-1"), List.of("C-1"))))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("absent beside entities");
    }
}
