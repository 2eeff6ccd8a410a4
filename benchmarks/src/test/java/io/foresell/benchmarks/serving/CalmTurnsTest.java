package io.foresell.benchmarks.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.benchmarks.serving.CalmTurns.Turn;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CalmTurnsTest {
    @Test
    void theLeastDisturbedTurnsCountInTheirOrder() {
        List<Turn<String>> turns = List.of(turn(1, 30), turn(2, 2), turn(3, 12), turn(4, 0), turn(5, 2));
        CalmTurns<String> three = CalmTurns.leastDisturbed(turns, 3);
        assertThat(three.kept()).extracting(Turn::number).containsExactly(2, 4, 5);
        assertThat(three.leftOut()).extracting(Turn::number).containsExactly(1, 3);
        assertThat(CalmTurns.leastDisturbed(turns, 1).kept())
                .extracting(Turn::number)
                .containsExactly(4);
        assertThat(CalmTurns.leastDisturbed(turns, 5).kept()).isEqualTo(turns);
        assertThat(CalmTurns.leastDisturbed(turns, 5).leftOut()).isEmpty();
    }

    @Test
    void calmTurnsAreRunOnce() throws InterruptedException {
        List<Integer> run = new ArrayList<>();
        CalmTurns<Integer> turns = CalmTurns.run(3, 100, number -> added(run, number), () -> run.add(0));
        assertThat(run).containsExactly(1, 2, 3);
        assertThat(turns.kept()).extracting(Turn::found).containsExactly(1, 2, 3);
    }

    /** No turn takes less than nothing, so each is disturbed. */
    @Test
    void disturbedTurnsAreRunAgainThreeTimesAsManyInAllAtMost() throws InterruptedException {
        List<Integer> run = new ArrayList<>();
        CalmTurns<Integer> turns = CalmTurns.run(2, -1, number -> added(run, number), () -> run.add(0));
        assertThat(run).containsExactly(1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6);
        assertThat(turns.kept()).hasSize(2);
        assertThat(turns.leftOut()).hasSize(4);
    }

    @Test
    void namesTellTurnsThatAreRunBesides() {
        assertThat(CalmTurns.name(2, 2)).isEqualTo("round 2 of 2");
        assertThat(CalmTurns.name(3, 2)).isEqualTo("round 3, until 2 were calm");
    }

    private static Integer added(List<Integer> run, int number) {
        run.add(number);
        return number;
    }

    private static Turn<String> turn(int number, double stolenPercent) {
        return new Turn<>(number, "found " + number, stolenPercent);
    }
}
