package io.foresell.training.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TrainingSetBuilderTest {
    private static final FeatureSetInfo INFO = new FeatureSetInfo("set", "hash", "label", "customer", Map.of());

    @Test
    void digestDoesNotDependOnHowRowsWereCutIntoBlocks() {
        TrainingSet whole = builder()
                .add(block(List.of("a", "b", "c"), new double[] {1, 0, 1}, List.of("x", "y"), 1, -1, 0))
                .build();
        TrainingSet cut = builder()
                .add(block(List.of("a"), new double[] {1}, List.of("unused", "y"), 1))
                .add(block(List.of("b", "c"), new double[] {0, 1}, List.of("x"), -1, 0))
                .build();

        assertThat(cut.digest()).isEqualTo(whole.digest()).hasSize(64);
        TrainingSet other = builder()
                .add(block(List.of("a", "b", "c"), new double[] {1, 0, 0}, List.of("x", "y"), 1, -1, 0))
                .build();
        assertThat(other.digest()).isNotEqualTo(whole.digest());
    }

    @Test
    void rowsFollowTheSignature() {
        TrainingSet set = builder()
                .add(block(List.of("a", "b"), new double[] {1, 0}, List.of("x", ""), 0, 1))
                .build();

        Rows rows = TrainingFold.all(set).rows(Signature.of(set.fields()));

        assertThat(rows.numbers()).containsExactly(0, 0.5f, 10, 10.5f);
        assertThat(rows.texts()).containsExactly("x", "");
        assertThat(TrainingFold.all(set).labels()).containsExactly(1, 0);
    }

    @Test
    void refusesLabelsThatAreNeitherZeroNorOne() {
        assertThatThrownBy(() -> builder().add(block(List.of("a"), new double[] {2}, List.of("x"), 0)))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("LABEL_NOT_BINARY")
                .hasMessageContaining("2.0 (expected: 0 or 1)");
        assertThatThrownBy(() -> builder().add(block(List.of("a"), new double[] {Double.NaN}, List.of("x"), 0)))
                .hasMessageContaining("LABEL_NOT_BINARY");
    }

    @Test
    void refusesBlocksThatDoNotMatchTheFirst() {
        TrainingSetBuilder builder = builder().add(block(List.of("a"), new double[] {1}, List.of("x"), 0));

        assertThatThrownBy(() -> builder.add(new RowBlock(
                        List.of("b"),
                        new long[1],
                        new double[1],
                        List.of(
                                new RowBlock.Numbers("weeks", 3, new double[3]),
                                new RowBlock.Texts("plan", List.of(), new int[] {-1})))))
                .hasMessageContaining("TRAINING_SET_INCONSISTENT")
                .hasMessageContaining("width 2");
    }

    @Test
    void refusesMoreValuesThanTheHeapHolds() {
        TrainingSetBuilder builder = new TrainingSetBuilder(INFO, 5);

        builder.add(block(List.of("a"), new double[] {1}, List.of("x"), 0));
        assertThatThrownBy(() -> builder.add(block(List.of("b"), new double[] {1}, List.of("x"), 0)))
                .hasMessageContaining("TRAINING_SET_TOO_LARGE");
    }

    @Test
    void refusesNumbersThatAreNotFloats() {
        assertThatThrownBy(() -> builder()
                        .add(new RowBlock(
                                List.of("a"),
                                new long[1],
                                new double[1],
                                List.of(new RowBlock.Numbers("n", 1, new double[] {1e39})))))
                .hasMessageContaining("VALUE_OUT_OF_RANGE");
    }

    private static TrainingSetBuilder builder() {
        return new TrainingSetBuilder(INFO);
    }

    /** A sequence of two numbers and a text; number i of the block is 10 i and 10 i + 0.5, counted by key. */
    private static RowBlock block(List<String> keys, double[] labels, List<String> dictionary, int... codes) {
        double[] weeks = new double[2 * keys.size()];
        for (int i = 0; i < keys.size(); i++) {
            weeks[2 * i] = 10 * (keys.get(i).charAt(0) - 'a');
            weeks[2 * i + 1] = weeks[2 * i] + 0.5;
        }
        return new RowBlock(
                keys,
                new long[keys.size()],
                labels,
                List.of(new RowBlock.Numbers("weeks", 2, weeks), new RowBlock.Texts("plan", dictionary, codes)));
    }
}
