package io.foresell.training.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
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
        TrainingSetBuilder binary = new TrainingSetBuilder(INFO, Task.BINARY);

        assertThatThrownBy(() -> binary.add(block(List.of("a", "b"), new double[] {1, 2}, List.of("x"), 0, 0))
                        .build())
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("LABEL_NOT_BINARY")
                .hasMessageContaining("row 2 (entity b)")
                .hasMessageContaining("2 (expected: 0 or 1)");
    }

    @Test
    void letsTheLabelsDecideTheTask() {
        TrainingSet values = builder()
                .add(block(List.of("a", "b"), new double[] {1, 2.5}, List.of("x"), 0, 0))
                .build();
        TrainingSet classes =
                builder().add(texts("red", "blue")).add(texts("red", "amber")).build();

        assertThat(values.task()).isEqualTo(Task.REGRESSION);
        assertThat(TrainingFold.all(values).labels()).containsExactly(1, 2.5f);
        assertThat(classes.task()).isEqualTo(Task.MULTICLASS);
        assertThat(classes.classes()).containsExactly("amber", "blue", "red");
        assertThat(TrainingFold.all(classes).labels()).containsExactly(2, 1, 2, 0);
        assertThat(TrainingFold.all(classes).classShares()).containsExactly(0.25, 0.25, 0.5);
    }

    @Test
    void readsNumbersAsClassesWhenAsked() {
        TrainingSet set = new TrainingSetBuilder(INFO, Task.MULTICLASS)
                .add(block(List.of("a", "b", "c"), new double[] {3, 1, 2.5}, List.of("x"), 0, 0, 0))
                .build();

        assertThat(set.classes()).containsExactly("1", "2.5", "3");
        assertThat(TrainingFold.all(set).labels()).containsExactly(2, 0, 1);
    }

    @Test
    void refusesTextsAsTwoClassesAndMissingValues() {
        TrainingSetBuilder binary = new TrainingSetBuilder(INFO, Task.BINARY).add(texts("yes", "no"));
        TrainingSetBuilder values =
                builder().add(block(List.of("a", "b"), new double[] {7, Double.NaN}, List.of("x"), 0, 0));

        assertThatThrownBy(binary::build)
                .hasMessageContaining("LABEL_NOT_BINARY")
                .hasMessageContaining("positive_text");
        assertThatThrownBy(values::build)
                .hasMessageContaining("LABEL_NOT_A_NUMBER")
                .hasMessageContaining("row 2");
    }

    @Test
    void clustersReadNoLabels() {
        TrainingSet set = new TrainingSetBuilder(INFO, Task.CLUSTERS)
                .add(texts("red", "blue"))
                .build();

        assertThat(set.task()).isEqualTo(Task.CLUSTERS);
        assertThat(TrainingFold.all(set).labels()).containsExactly(0, 0);
    }

    private static RowBlock texts(String first, String second) {
        RowBlock block = block(List.of("a", "b"), new double[2], List.of("x"), 0, 0);
        return new RowBlock(
                block.entityKeys(),
                block.timesMillis(),
                new RowBlock.TextTarget(List.of(first, second)),
                block.columns());
    }

    @Test
    void refusesBlocksThatDoNotMatchTheFirst() {
        TrainingSetBuilder builder = builder().add(block(List.of("a"), new double[] {1}, List.of("x"), 0));

        assertThatThrownBy(() -> builder.add(new RowBlock(
                        List.of("b"),
                        new long[1],
                        new RowBlock.NumberTarget(new double[1]),
                        List.of(
                                new RowBlock.Numbers("weeks", 3, new double[3]),
                                new RowBlock.Texts("plan", List.of(), new int[] {-1})))))
                .hasMessageContaining("TRAINING_SET_INCONSISTENT")
                .hasMessageContaining("width 2");
    }

    @Test
    void refusesMoreValuesThanTheHeapHolds() {
        TrainingSetBuilder builder = new TrainingSetBuilder(INFO, null, 5);

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
                                new RowBlock.NumberTarget(new double[1]),
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
                new RowBlock.NumberTarget(labels),
                List.of(new RowBlock.Numbers("weeks", 2, weeks), new RowBlock.Texts("plan", dictionary, codes)));
    }
}
