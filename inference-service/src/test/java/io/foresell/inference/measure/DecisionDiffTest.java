package io.foresell.inference.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.measure.DecisionDiff.Decision;
import io.foresell.inference.measure.DecisionDiff.Flip;
import io.foresell.inference.measure.DecisionDiff.Slice;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is said of a shadow's decisions. */
final class DecisionDiffTest {
    private final DecisionDiff diff = new DecisionDiff(1, 2);

    private void add(double before, double after, String plan) {
        diff.add(decision(before), decision(after), "band", "plan", plan);
    }

    private static Decision decision(double score) {
        return new Decision(score, score < 0.3 ? "low" : score < 0.7 ? "medium" : "high");
    }

    @Test
    void countsFlipsAndDifferencesForAllAndForEachSlice() {
        add(0.1, 0.2, "gold");
        add(0.2, 0.4, "gold");
        add(0.25, 0.5, "basic");
        add(0.8, 0.6, "basic");
        DecisionDiff.View view = diff.view();
        assertThat(view.slices())
                .extracting(Slice::name)
                .containsExactly("", "band=high", "band=low", "plan=basic", "plan=gold");
        Slice all = view.slices().get(0);
        assertThat(all.rows()).isEqualTo(4);
        assertThat(all.flips()).containsExactly(new Flip("low", "medium", 2), new Flip("high", "medium", 1));
        assertThat(all.differences().mean()).isCloseTo(0.0875, within(1e-12));
        assertThat(all.differences().minimum()).isCloseTo(-0.2, within(1e-12));
        assertThat(view.slices().get(4).flips()).containsExactly(new Flip("low", "medium", 1));
    }

    @Test
    void overlapAndRankCorrelationAreThoseOfASmallExample() {
        // Ranks 1..5 against 2,1,4,3,5: Spearman is 1 - 6 * 4 / (5 * 24) = 0.8.
        double[] shadow = {0.2, 0.1, 0.4, 0.3, 0.5};
        for (int i = 0; i < 5; i++) {
            add((i + 1) / 10.0, shadow[i], "x");
        }
        assertThat(diff.view().rankCorrelation()).hasValueCloseTo(0.8, within(1e-12));
        // The top fifth is one pair, the same on both sides; smaller shares are less than one.
        assertThat(diff.view().overlaps()).containsExactly(new DecisionDiff.Overlap(0.2, 1));
    }

    @Test
    void tiesShareTheirRankAndASideThatDoesNotVaryHasNoCorrelation() {
        add(0.5, 0.1, "x");
        add(0.5, 0.2, "x");
        add(0.9, 0.3, "x");
        // Ranks 1.5, 1.5, 3 against 1, 2, 3: Pearson of ranks is sqrt(3) / 2.
        assertThat(diff.view().rankCorrelation()).hasValueCloseTo(Math.sqrt(3) / 2, within(1e-12));
        DecisionDiff flat = new DecisionDiff(1, 2);
        for (int i = 0; i < 5; i++) {
            flat.add(decision(0.5), decision(i / 10.0), "band", "", "");
        }
        assertThat(flat.view().rankCorrelation()).isEmpty();
    }

    @Test
    void sampleStaysBoundedAndSpeaksForAllRows() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 50_000; i++) {
            double score = random.nextDouble();
            add(score, i < 25_000 ? score : 1 - score, "x");
        }
        DecisionDiff.View view = diff.view();
        assertThat(view.championScores()).hasSize(PairSample.MAX_PAIRS).hasSameSizeAs(view.shadowScores());
        // Half agree and half are reversed: of the top 20 % about half plus a tenth of the rest are common, and ranks
        // do not correlate.
        assertThat(view.rankCorrelation().orElseThrow()).isBetween(-0.06, 0.06);
        assertThat(view.slices().get(0).rows()).isEqualTo(50_000);
    }

    @Test
    void slicesFlipsAndReasonsAreBounded() {
        for (int i = 0; i < 500; i++) {
            diff.add(new Decision(i, "a" + i), new Decision(i, "b" + i), "label", "city", "city " + i);
            diff.failed("REASON_" + i, 1);
        }
        DecisionDiff.View view = diff.view();
        assertThat(view.slices()).hasSize(1 + 101 + 21);
        assertThat(view.slices()).extracting(Slice::name).contains("city=(other)", "label=(other)");
        assertThat(view.slices().get(0).flips()).hasSize(101).contains(new Flip("(other)", "(other)", 400));
        assertThat(view.errors()).hasSize(21).containsEntry("(other)", 480L);
    }
}
