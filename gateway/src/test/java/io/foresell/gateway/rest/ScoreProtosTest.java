package io.foresell.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.inference.v1.LabelScore;
import io.foresell.proto.inference.v1.ScoredRow;
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
}
