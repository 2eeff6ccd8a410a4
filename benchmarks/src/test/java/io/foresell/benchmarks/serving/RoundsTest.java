package io.foresell.benchmarks.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.benchmarks.serving.Rounds.Turn;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RoundsTest {
    @Test
    void theLeastDisturbedRoundsCountInTheirOrder() {
        List<Turn> turns = List.of(turn(1, 30), turn(2, 2), turn(3, 12), turn(4, 0), turn(5, 2));
        assertThat(Rounds.leastDisturbed(turns, 3)).extracting(Turn::number).containsExactly(2, 4, 5);
        assertThat(Rounds.leastDisturbed(turns, 1)).extracting(Turn::number).containsExactly(4);
        assertThat(Rounds.leastDisturbed(turns, 5)).isEqualTo(turns);
    }

    private static Turn turn(int number, double stolenPercent) {
        return new Turn(number, Map.of(), stolenPercent);
    }
}
