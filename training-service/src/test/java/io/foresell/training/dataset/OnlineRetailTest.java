package io.foresell.training.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class OnlineRetailTest {
    @Test
    void countsTheCustomersThatTheTargetNames() throws IOException {
        TrainingSet set = OnlineRetail.weeks();
        assertThat(set.rowCount()).isEqualTo(2987);
        assertThat(TrainingFold.all(set).meanLabel()).isBetween(0.2336, 0.2338);
    }
}
