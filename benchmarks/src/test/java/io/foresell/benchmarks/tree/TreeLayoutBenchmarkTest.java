package io.foresell.benchmarks.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every layout finds the leaves of every shape; nothing is timed here. */
final class TreeLayoutBenchmarkTest {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FOREST_100_DEPTH_16_UNEVEN")
    void layoutsAgree(TreeShape shape) {
        for (TreeLayoutKind layout : TreeLayoutKind.values()) {
            if (layout.takes(shape)) {
                TreeLayoutBenchmark benchmark = new TreeLayoutBenchmark();
                benchmark.shape = shape;
                benchmark.layout = layout;
                benchmark.open();
                assertThat(benchmark.sum()).isFinite();
            }
        }
    }
}
