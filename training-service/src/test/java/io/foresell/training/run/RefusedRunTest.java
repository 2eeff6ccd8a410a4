package io.foresell.training.run;

import static io.foresell.training.run.RunFixture.FEW_TREES;
import static io.foresell.training.run.RunFixture.THREE_FOLDS;
import static io.foresell.training.run.RunFixture.filled;
import static io.foresell.training.run.RunFixture.labels;
import static io.foresell.training.run.RunFixture.numbers;
import static io.foresell.training.run.RunFixture.run;
import static io.foresell.training.run.RunFixture.set;
import static io.foresell.training.run.RunFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.ServiceException;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.sequence.SequenceNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RefusedRunTest {
    @Test
    void refusesRowsThatCannotBeTrainedOn() {
        assertRefused(set(filled(60, 1), numbers(60)), FEW_TREES, "LABEL_ONE_CLASS", "60 positive of 60 rows");
        assertRefused(set(new double[0], numbers(0)), FEW_TREES, "NO_ROWS", "feature set shop: 0");
        assertRefused(set(labels(2), numbers(2)), FEW_TREES, "TOO_FEW_ROWS", "rows: 2 (expected: at least 3");
        assertRefused(
                set(labels(60), numbers(60)), SequenceNetwork.DEFAULT, "NO_SEQUENCE_FEATURES", "0 among 1 features");
        assertRefused(
                set(labels(60), new RowBlock.Numbers("a", 3, labels(180)), new RowBlock.Numbers("b", 4, labels(240))),
                SequenceNetwork.DEFAULT,
                "SEQUENCE_LENGTHS_DIFFER",
                "length of b: 4 (expected: 3 like a)");
        List<String> ids = IntStream.range(0, 1001).mapToObj(i -> "id" + i).toList();
        assertRefused(
                set(
                        labels(1001),
                        new RowBlock.Texts(
                                "customer_id", ids, IntStream.range(0, 1001).toArray())),
                FEW_TREES,
                "TOO_MANY_CATEGORIES",
                "customer_id: 1001 (expected: at most 1000");
        assertRefused(
                set(labels(60), new RowBlock.Numbers("empty", 1, filled(60, Double.NaN))),
                FEW_TREES,
                "NO_FEATURES",
                "(expected: 1 or more)");
        // The only positive row is judged in one fold, so nothing positive is left to fit on there.
        double[] onePositive = new double[60];
        onePositive[7] = 1;
        assertRefused(set(onePositive, numbers(60)), FEW_TREES, "LABEL_ONE_CLASS", "fold 2 of 3");
    }

    @Test
    void refusesSpecsThatContradictThemselves() {
        assertThatThrownBy(() -> spec(THREE_FOLDS, PublishRule.BEST)).hasMessageContaining("candidates: 0");
        assertThatThrownBy(() -> spec(THREE_FOLDS, PublishRule.BEST, FEW_TREES, FEW_TREES))
                .hasMessageContaining("'boosted_trees' (expected: unique names)");
    }

    private static void assertRefused(TrainingSet set, Algorithm parameters, String reason, String message) {
        assertThatThrownBy(() -> run(spec(THREE_FOLDS, PublishRule.BEST, parameters), set, new ArrayList<>()))
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        e -> assertThat(e.failure().reason()).isEqualTo(reason))
                .hasMessageContaining(message);
    }
}
