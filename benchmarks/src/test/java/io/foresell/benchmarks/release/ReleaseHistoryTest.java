package io.foresell.benchmarks.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ReleaseHistoryTest {
    private static final AskedRows ROWS = AskedRows.draw("own", 2);
    private static final PreparedVersion ONE = PreparedVersion.of("own", 1, ROWS);
    private static final PreparedVersion TWO = PreparedVersion.of("own", 2, ROWS);

    private final ReleaseHistory history = new ReleaseHistory();

    @BeforeEach
    void order() {
        history.ordering(1, List.of(ONE));
        history.ordering(2, List.of(TWO));
    }

    private static ScoreResponse answer(int revision, PreparedVersion... versions) {
        ScoreResponse.Builder answer = ScoreResponse.newBuilder().setReleaseRevision(revision);
        for (int row = 0; row < versions.length; row++) {
            answer.addRows(ScoredRow.newBuilder()
                    .setModelVersion(versions[row].version())
                    .setScore(versions[row].score(row)));
        }
        return answer.build();
    }

    @Test
    void versionsDifferInEveryRow() {
        for (int row = 0; row < 2; row++) {
            assertThat(Math.abs(ONE.score(row) - TWO.score(row))).isGreaterThan(1e-3f);
        }
    }

    @Test
    void aReleaseIsRoutableUntilALaterOneWasSeenOnThatReplica() {
        history.answered("a", 0, 10, answer(1, ONE, ONE));
        history.answered("a", 20, 30, answer(2, TWO, TWO));
        history.answered("a", 25, 40, answer(1, ONE, ONE)); // sent before release 2 was seen
        history.answered("b", 35, 45, answer(1, ONE, ONE)); // the other replica is later
        assertThat(history.counts()).isEqualTo(new ReleaseHistory.Counts(4, 0, 0));
        history.answered("a", 31, 50, answer(1, ONE, ONE));
        assertThat(history.counts().violations()).isEqualTo(1);
        assertThat(history.firstFault()).startsWith("a answered by revision 1 a call that was sent");
        assertThat(history.newestServed("a")).isEqualTo(2);
        assertThat(history.newestServed("b")).isEqualTo(1);
    }

    @Test
    void aReleaseThatWasNotOrderedOrMustNotServeIsAViolation() {
        history.answered("a", 0, 10, answer(3, ONE, ONE));
        history.orderingBroken(4);
        history.answered("a", 0, 11, answer(4, ONE, ONE));
        assertThat(history.counts()).isEqualTo(new ReleaseHistory.Counts(2, 2, 0));
        assertThat(history.newestOrdered()).isEqualTo(4);
        assertThat(history.answeredRevisionCount()).isZero();
    }

    @Test
    void aRollBackIsALaterReleaseOfAnEarlierVersion() {
        history.answered("a", 0, 10, answer(2, TWO, TWO));
        history.ordering(3, List.of(ONE));
        history.answered("a", 20, 30, answer(3, ONE, ONE));
        assertThat(history.counts().violations()).isZero();
        history.answered("a", 31, 40, answer(1, ONE, ONE));
        assertThat(history.counts().violations()).isEqualTo(1);
    }

    @Test
    void rowsOfAnotherReleaseAreMixed() {
        history.answered("a", 0, 10, answer(1, ONE, TWO));
        assertThat(history.counts()).isEqualTo(new ReleaseHistory.Counts(1, 0, 1));
        assertThat(history.firstFault()).isEqualTo("revision 1: row 1 by version 2 (expected: one of [1])");
    }

    @Test
    void aScoreOfAnotherVersionIsMixed() {
        ScoreResponse.Builder answer = answer(1, ONE, ONE).toBuilder();
        answer.getRowsBuilder(1).setScore(TWO.score(1));
        history.answered("a", 0, 10, answer.build());
        assertThat(history.counts().mixed()).isEqualTo(1);
        assertThat(history.firstFault()).startsWith("revision 1: row 1 scored");
    }

    @Test
    void aSubjectThatChangesItsVersionWithinAReleaseIsMixed() {
        history.ordering(3, List.of(ONE, TWO));
        history.answered("a", 0, 10, answer(3, ONE, TWO));
        history.answered("b", 0, 11, answer(3, ONE, TWO));
        assertThat(history.counts().mixed()).isZero();
        history.answered("b", 12, 13, answer(3, TWO, TWO));
        history.answered("b", 12, 13, answer(3, ONE));
        assertThat(history.counts().mixed()).isEqualTo(2);
        assertThat(history.firstFault()).isEqualTo("revision 3: subject 0 by version 2 (expected: 1, as before)");
    }
}
