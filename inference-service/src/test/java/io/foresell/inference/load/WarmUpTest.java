package io.foresell.inference.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.inference.fixture.TestPackages;
import io.foresell.inference.route.RowCost;
import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.pack.ModelPackage;
import io.foresell.model.scorer.Scorer;
import org.junit.jupiter.api.Test;

/** How often a version scores before it serves. */
final class WarmUpTest {
    private static final ModelPackage PACKAGE = ModelPackage.read(TestPackages.logistic("churn", 1));

    private final WarmUp warmUp = new WarmUp();

    /** Counts. */
    private static final class Counting implements Scorer {
        private final String engine;
        private int scoredCount;
        private int explainedCount;

        Counting(String engine) {
            this.engine = engine;
        }

        @Override
        public String engine() {
            return engine;
        }

        @Override
        public Signature signature() {
            return PACKAGE.signature();
        }

        @Override
        public Answer answer() {
            return PACKAGE.answer();
        }

        @Override
        public void score(Rows rows, float[] answers) {
            assertThat(rows.rowCount()).isEqualTo(1);
            scoredCount++;
        }

        @Override
        public void contributions(Rows rows, int row, int target, double[] perInput) {
            explainedCount++;
        }
    }

    private int roundsOfFirst(String engine) {
        Counting scorer = new Counting(engine);
        RowCost cost = warmUp.first(PACKAGE, scorer);
        assertThat(cost.scoreNanos()).isBetween(0L, Long.MAX_VALUE - 1);
        assertThat(cost.explainNanos()).isBetween(0L, Long.MAX_VALUE - 1);
        assertThat(scorer.explainedCount).isEqualTo(scorer.scoredCount);
        return scorer.scoredCount;
    }

    @Test
    void theFirstModelsOfAKindScoreUntilTheirCodeIsCompiledAndLaterOnesALittle() {
        for (int i = 0; i < WarmUp.COLD_MODELS; i++) {
            assertThat(roundsOfFirst("compiled")).as("model " + i).isEqualTo(5000);
        }
        assertThat(roundsOfFirst("compiled")).isEqualTo(500);
        assertThat(roundsOfFirst("onnxruntime")).as("of another kind").isEqualTo(5000);
        assertThat(roundsOfFirst("compiled")).isEqualTo(500);
    }

    @Test
    void aVersionThatComesBackKeepsTheLeastThatItsRowsCost() {
        RowCost known = new RowCost(0, Long.MAX_VALUE);
        RowCost cost = WarmUp.again(PACKAGE, new Counting("compiled"), known);
        assertThat(cost.scoreNanos()).isZero();
        assertThat(cost.explainNanos()).isLessThan(Long.MAX_VALUE);
    }
}
