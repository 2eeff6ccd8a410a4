package io.foresell.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProcessorTicksTest {
    @Test
    void tellsWhatTheHostTookOfTheTimeToWork() {
        ProcessorTicks before = ProcessorTicks.parse("cpu  100 10 50 9000 7 3 2 40 0 0");
        ProcessorTicks after = ProcessorTicks.parse("cpu  160 10 70 9900 9 3 2 60 0 0");
        assertThat(before).isEqualTo(new ProcessorTicks(165, 40));
        assertThat(after.stolenPercentSince(before)).isEqualTo(20);
        assertThat(before.stolenPercentSince(before)).isZero();
    }

    @Test
    void knowsNothingOfAnotherSystem() {
        assertThat(ProcessorTicks.parse("intr 1 2 3")).isEqualTo(new ProcessorTicks(0, 0));
        assertThat(ProcessorTicks.parse("cpu 1 2 3")).isEqualTo(new ProcessorTicks(0, 0));
    }
}
