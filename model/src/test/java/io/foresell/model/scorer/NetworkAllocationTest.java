package io.foresell.model.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.Allocation;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkAllocationTest {
    @ParameterizedTest
    @MethodSource("io.foresell.model.scorer.NetworkParityTest#names")
    void allocatesNothingPerRow(String name) throws IOException {
        NetworkParityTest.Network network = NetworkParityTest.read(name);
        Scorer scorer = NetworkParityTest.compile(network);
        float[] answers = new float[network.expected().length];

        assertThat(Allocation.of(() -> scorer.score(network.rows(), answers))).isLessThan(Allocation.NOTHING);
    }
}
