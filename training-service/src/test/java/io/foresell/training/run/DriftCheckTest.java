package io.foresell.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.training.dataset.FeatureSetInfo;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DriftCheckTest {
    private static final DriftLimit LIMIT = new DriftLimit(0.2, 0.05, 1_000);

    /** Rows 0 to 999 are old; the new ones are shifted by {@code shift} and have another base rate. */
    private static TrainingSet rows(int newCount, double shift, double newRate) {
        Random random = new Random(4);
        int count = 1000 + newCount;
        List<String> keys = new ArrayList<>();
        long[] times = new long[count];
        double[] labels = new double[count];
        double[] values = new double[count];
        int[] regions = new int[count];
        for (int row = 0; row < count; row++) {
            boolean isNew = row >= 1000;
            keys.add("c" + row);
            times[row] = isNew ? 1_000 + row : row;
            labels[row] = random.nextDouble() < (isNew ? newRate : 0.3) ? 1 : 0;
            values[row] = random.nextGaussian() + (isNew ? shift : 0);
            regions[row] = random.nextInt(3) - 1;
        }
        return new TrainingSetBuilder(new FeatureSetInfo("set", "hash", "label", "customer", Map.of()))
                .add(new RowBlock(
                        keys,
                        times,
                        new RowBlock.NumberTarget(labels),
                        List.of(
                                new RowBlock.Numbers("spend", 1, values),
                                new RowBlock.Texts("region", List.of("north", "south"), regions))))
                .build();
    }

    private static DriftCheck.Finding find(int newCount, double shift, double newRate) {
        return new DriftCheck(rows(newCount, shift, newRate), LIMIT).find();
    }

    @Test
    void equalRowsHaveNotDrifted() {
        DriftCheck.Finding finding = find(1000, 0, 0.3);
        assertThat(finding.hasDrifted()).as(finding.sentence()).isFalse();
        assertThat(finding.sentence()).startsWith("No training: no drift in 1000 new rows");
    }

    @Test
    void aShiftedInputAndAnotherBaseRateAreDrift() {
        DriftCheck.Finding shifted = find(1000, 0.8, 0.3);
        assertThat(shifted.hasDrifted()).isTrue();
        assertThat(shifted.sentence()).contains("of spend (limit 0.2000)");
        DriftCheck.Finding rate = find(1000, 0, 0.4);
        assertThat(rate.hasDrifted()).as(rate.sentence()).isTrue();
    }

    @Test
    void fewNewRowsSayNothing() {
        DriftCheck.Finding finding = find(49, 5, 1);
        assertThat(finding.hasDrifted()).isFalse();
        assertThat(finding.sentence())
                .isEqualTo("No training: 49 new rows (expected: at least 50 to tell drift from chance).");
    }

    /** By hand: shares (.5, .5) to (.2, .8): -.3 ln .4 + .3 ln 1.6 = .4159. */
    @Test
    void theIndexIsTheOneOfTheBooks() {
        String[] texts = new String[20];
        boolean[] isNew = new boolean[20];
        Arrays.fill(isNew, 10, 20, true);
        for (int i = 0; i < 20; i++) {
            texts[i] = i < 5 || i == 10 || i == 11 ? "a" : "b";
        }
        assertThat(StabilityIndex.ofTexts(texts, isNew)).isCloseTo(0.41589, within(1e-5));
        float[] values = new float[20];
        for (int i = 0; i < 20; i++) {
            values[i] = texts[i].equals("a") ? 1 : 2;
        }
        assertThat(StabilityIndex.ofNumbers(values, isNew)).isCloseTo(0.41589, within(1e-5));
        Arrays.fill(values, 10, 20, Float.NaN);
        assertThat(StabilityIndex.ofNumbers(values, isNew))
                .as("all new ones missing")
                .isGreaterThan(5);
    }
}
