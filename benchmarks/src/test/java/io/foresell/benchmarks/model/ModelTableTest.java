package io.foresell.benchmarks.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.benchmarks.model.Subject.AtMost;
import io.foresell.benchmarks.model.Subject.Faster;
import io.foresell.benchmarks.model.Subject.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ModelTableTest {
    private static final Subject RIVAL = subject("rival");

    @Test
    void comparesRoundByRound() {
        Subject own = subject("own", new Faster("rival", 4), new Faster("rival", 6));
        ModelTable table = new ModelTable(Measured::nanos);
        // A minute in which the machine was three times as slow leaves the ratio of its round at 5.
        double[] slowness = {1, 3, 1};
        for (double slow : slowness) {
            table.add(own, new Measured(100 * slow, 90, 0.2));
            table.add(RIVAL, new Measured(500 * slow, 400, 512));
        }
        assertThat(table.render())
                .contains("| own | 100 (100..300) | 90.0 (90.0..90.0) | 0 | rival 5.00 (5.00..5.00) |"
                        + " 4.00 x rival: met; 6.00 x rival: MISSED |")
                .contains("| rival | 500 (500..1500) | 400 (400..400) | 512 |  |  |");
    }

    @Test
    void comparesByProcessorTimeWhenToldTo() {
        Subject own = subject("own", new AtMost(95));
        ModelTable table = new ModelTable(Measured::cpuNanos);
        table.add(own, new Measured(100, 90, 3));
        table.add(RIVAL, new Measured(500, 900, 512));
        assertThat(table.render()).contains("| 3.00 | rival 10.0 (10.0..10.0) | at most 95.0: met |");
    }

    @Test
    void saysWhenARivalIsMissing() {
        ModelTable table = new ModelTable(Measured::nanos);
        table.add(subject("own", new Faster("rival", 2)), new Measured(100, 90, 0));
        assertThat(table.render()).contains("2.00 x rival: not measured");
    }

    private static Subject subject(String name, Target... targets) {
        return new Subject("question", name, "io.foresell.X.score", Map.of(), List.of(), 1, List.of(targets));
    }
}
