package io.foresell.training.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.kit.ServiceException;
import io.foresell.training.dataset.BankMarketing;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.SplitPlan.FoldBy;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.Judged.ColumnDrift;
import io.foresell.training.evaluate.Judged.Drift;
import org.junit.jupiter.api.Test;

final class DriftsTest {
    @Test
    void bankMarketingChangesWithTime() throws Exception {
        TrainingSet set = BankMarketing.read(false);
        Drift drift = Drifts.of(
                set, Splitter.split(set, new SplitPlan.Time(0.2, 0), 1).get(0));

        assertThat(drift.fittedBaseRate()).isCloseTo(0.067, within(0.001));
        assertThat(drift.judgedBaseRate()).isCloseTo(0.316, within(0.001));
        assertThat(drift.sentences()).hasSize(2);
        assertThat(drift.sentences().get(0)).contains("from 6.7 % in the rows fitted on to 31.6 %");
        assertThat(drift.columns().get(0).level()).isEqualTo("strong");
    }

    @Test
    void equalRowsDoNotDrift() {
        TrainingSet set = PlantedLeaks.honest(2000).with();
        Drift drift = Drifts.of(
                set, Splitter.split(set, new SplitPlan.HoldOut(0.3, false), 1).get(0));

        assertThat(drift.sentences()).isEmpty();
        assertThat(drift.columns()).extracting(ColumnDrift::level).containsOnly("none");
    }

    @Test
    void saysExactlyWhichRowsAreMissing() {
        TrainingSet set = PlantedLeaks.honest(40).with();
        SplitPlan folds = new SplitPlan.KFold(4, FoldBy.STRATIFIED);

        assertThatThrownBy(() -> Readiness.require(set, Splitter.split(set, folds, 1), 20))
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        e -> assertThat(e.failure().reason()).isEqualTo("NOT_ENOUGH_DATA"))
                .hasMessageContaining("rows: 40, ")
                .hasMessageContaining("in the smallest of 4 training parts (expected: at least 20 there")
                .hasMessageContaining("Until then use the base rate");
        Readiness.require(set, Splitter.split(set, folds, 1), 2);
    }
}
