package io.foresell.training.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.Signature;
import io.foresell.training.dataset.SplitPlan.FoldBy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SplitterTest {
    private static final long DAY_MILLIS = 86_400_000;

    @Test
    void rowIndexFoldsJudgeEveryRowOnce() {
        TrainingSet set = set(11, row -> "c" + row, row -> 0);

        List<Fold> folds = Splitter.split(set, new SplitPlan.KFold(3, FoldBy.ROW_INDEX), 1);

        assertThat(judged(folds.get(0))).containsExactly(0, 3, 6, 9);
        assertThat(judged(folds.get(2))).containsExactly(2, 5, 8);
        assertThat(fitted(folds.get(2))).containsExactly(0, 1, 3, 4, 6, 7, 9, 10);
    }

    @Test
    void entityFoldsNeverShareAnEntity() {
        TrainingSet set = set(300, row -> "c" + row % 50, row -> 0);

        List<Fold> folds = Splitter.split(set, new SplitPlan.KFold(5, FoldBy.ENTITY), 9);

        Set<Integer> allJudged = new HashSet<>();
        for (Fold fold : folds) {
            Set<Integer> judgedEntities = new HashSet<>();
            judged(fold).forEach(row -> judgedEntities.add(row % 50));
            assertThat(fitted(fold)).noneMatch(row -> judgedEntities.contains(row % 50));
            allJudged.addAll(judged(fold));
        }
        assertThat(allJudged).hasSize(300);
    }

    @Test
    void entitySplitJudgesTheShareAskedFor() {
        TrainingSet set = set(300, row -> "c" + row % 50, row -> 0);

        Fold fold = Splitter.split(set, new SplitPlan.Entity(0.2), 9).get(0);

        assertThat(judged(fold)).hasSize(60);
        assertThat(judged(Splitter.split(set, new SplitPlan.Entity(0.2), 9).get(0)))
                .isEqualTo(judged(fold));
        assertThat(judged(Splitter.split(set, new SplitPlan.Entity(0.2), 10).get(0)))
                .isNotEqualTo(judged(fold));
    }

    @Test
    void stratifiedFoldsKeepClassesInProportionAndRepeatsDiffer() {
        TrainingSet set = set(103, row -> "c" + row, row -> 0);

        List<Fold> folds = Splitter.split(set, new SplitPlan.KFold(4, FoldBy.STRATIFIED, 2), 3);

        assertThat(folds).hasSize(8);
        for (int repeat = 0; repeat < 2; repeat++) {
            Set<Integer> allJudged = new HashSet<>();
            for (Fold fold : folds.subList(4 * repeat, 4 * repeat + 4)) {
                allJudged.addAll(judged(fold));
                assertThat(judged(fold).size()).isBetween(25, 26);
                assertThat(judged(fold).stream().filter(row -> row % 2 == 0).count())
                        .isEqualTo(13);
                assertThat(fitted(fold)).doesNotContainAnyElementsOf(judged(fold));
            }
            assertThat(allJudged).hasSize(103);
        }
        assertThat(judged(folds.get(4))).isNotEqualTo(judged(folds.get(0)));
        assertThat(Splitter.split(set, new SplitPlan.Nested(new SplitPlan.KFold(4, FoldBy.RANDOM), 3), 3))
                .hasSize(4);
    }

    @Test
    void holdOutDrawsTheShareAskedForOfEachClass() {
        TrainingSet set = set(200, row -> "c" + row, row -> 0);

        Fold fold = Splitter.split(set, new SplitPlan.HoldOut(0.1, true), 3).get(0);

        assertThat(judged(fold)).hasSize(20);
        assertThat(judged(fold).stream().filter(row -> row % 2 == 0)).hasSize(10);
        assertThat(judged(Splitter.split(set, new SplitPlan.HoldOut(0.25, false), 3)
                        .get(0)))
                .hasSize(50);
        assertThatThrownBy(() -> new SplitPlan.KFold(5, FoldBy.ROW_INDEX, 2)).hasMessageContaining("2 (expected: 1..1");
    }

    @Test
    void timeSplitKeepsInstantsTogetherAndLeavesTheGapOut() {
        // Two rows a day, latest first.
        TrainingSet set = set(20, row -> "c" + row, row -> (10 - row / 2) * DAY_MILLIS);

        Fold fold = Splitter.split(set, new SplitPlan.Time(0.25, 2), 1).get(0);

        // A quarter of 20 rows cuts through a day: the whole day judges.
        assertThat(judged(fold)).containsExactly(0, 1, 2, 3, 4, 5);
        // First judged day 8; day 7 is less than 2 days before it.
        assertThat(fitted(fold)).containsExactly(8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
    }

    @Test
    void refusesASplitWithAnEmptySide() {
        TrainingSet oneInstant = set(10, row -> "c" + row, row -> 5);
        TrainingSet oneEntity = set(10, row -> "c", row -> row);

        assertThatThrownBy(() -> Splitter.split(oneInstant, new SplitPlan.Time(0.2, 0), 1))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("SPLIT_EMPTY")
                .hasMessageContaining("different instants in 10 rows: 1");
        assertThatThrownBy(() -> Splitter.split(oneEntity, new SplitPlan.Entity(0.2), 1))
                .hasMessageContaining("SPLIT_EMPTY");
        assertThatThrownBy(() -> Splitter.split(set(4, row -> "c", row -> 0), SplitPlan.DEFAULT, 1))
                .hasMessageContaining("TOO_FEW_ROWS")
                .hasMessageContaining("rows: 4 (expected: at least 5");
    }

    @Test
    void valuesOfAFeatureSayWhichRowsJudgeAndNoModelReadsIt() {
        TrainingSet read = marked("train", "test", "", "test", "other");
        SplitPlan plan = new SplitPlan.ByValue("part", Set.of("test", "later"));

        TrainingSet set = Splitter.readable(read, plan);
        Fold fold = Splitter.split(set, plan, 1).get(0);

        assertThat(fold.heldOut().rowIndexes()).containsExactly(1, 3);
        assertThat(fold.training().rowIndexes()).containsExactly(0, 2, 4);
        assertThat(set.fields()).extracting(InputField::name).containsExactly("size", "shop");
        assertThat(fold.training().fieldsWithValues())
                .extracting(InputField::name)
                .containsExactly("size", "shop");
        assertThat(set.digest())
                .isNotEqualTo(Splitter.readable(marked("test", "test", "", "test", "other"), plan)
                        .digest());
        assertThat(Splitter.readable(read, SplitPlan.DEFAULT)).isSameAs(read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            parts | test  | split.by_value.feature: parts, not in the feature set (expected: a text feature of shop: part, shop)
            size  | test  | split.by_value.feature: size, a number (expected: a text feature of shop: part, shop)
            part  | Test  | values of part: train, test, those that judge: [Test]; rows to fit: 3, rows to judge: 0
            shop  | north | values of shop: north, those that judge: [north]; rows to fit: 0, rows to judge: 3
            """)
    void refusesAFeatureThatCannotDivideTheRows(String feature, String value, String expected) {
        SplitPlan plan = new SplitPlan.ByValue(feature, Set.of(value));
        assertThatThrownBy(() -> Splitter.split(Splitter.readable(marked("train", "test", "test"), plan), plan, 1))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining(expected);
    }

    private static TrainingSet marked(String... parts) {
        double[] labels = new double[parts.length];
        String[] shops = new String[parts.length];
        Arrays.fill(shops, "north");
        for (int row = 0; row < labels.length; row++) {
            labels[row] = row % 2;
        }
        return Tables.of(
                labels, Tables.texts("part", parts), Tables.numbers("size", labels), Tables.texts("shop", shops));
    }

    @Test
    void refusesPlansOutOfRange() {
        assertThatThrownBy(() -> new SplitPlan.KFold(1, FoldBy.ENTITY)).hasMessageContaining("1 (expected: 2..20)");
        assertThatThrownBy(() -> new SplitPlan.Time(0, 0)).hasMessageContaining("split.time.test_fraction");
        assertThatThrownBy(() -> new SplitPlan.Entity(Double.NaN)).hasMessageContaining("split.entity.test_fraction");
    }

    @Test
    void holdsBackBothClassesInProportion() {
        TrainingFold.Parts parts =
                TrainingFold.all(set(100, row -> "c" + row, row -> 0)).holdBack(0.1, 3);

        assertThat(parts.fitted().rowCount()).isEqualTo(90);
        assertThat(parts.heldBack().rowCount()).isEqualTo(10);
        assertThat(parts.heldBack().meanLabel()).isEqualTo(0.5);
    }

    /** Rows whose only number is their index; even rows are positive. */
    private static TrainingSet set(int rowCount, IntFunction<String> key, IntToLongFunction timeMillis) {
        List<String> keys = new ArrayList<>();
        long[] times = new long[rowCount];
        double[] labels = new double[rowCount];
        double[] indexes = new double[rowCount];
        for (int row = 0; row < rowCount; row++) {
            keys.add(key.apply(row));
            times[row] = timeMillis.applyAsLong(row);
            labels[row] = (row + 1) % 2;
            indexes[row] = row;
        }
        return new TrainingSetBuilder(new FeatureSetInfo("set", "hash", "label", "customer", Map.of()))
                .add(new RowBlock(
                        keys,
                        times,
                        new RowBlock.NumberTarget(labels),
                        List.of(new RowBlock.Numbers("index", 1, indexes))))
                .build();
    }

    private static List<Integer> judged(Fold fold) {
        return indexes(
                fold.heldOut().rows(Signature.of(fold.heldOut().fields())).numbers());
    }

    private static List<Integer> fitted(Fold fold) {
        return indexes(fold.training()
                .rows(Signature.of(fold.training().fieldsWithValues()))
                .numbers());
    }

    private static List<Integer> indexes(float[] numbers) {
        List<Integer> indexes = new ArrayList<>();
        for (float number : numbers) {
            indexes.add((int) number);
        }
        return indexes;
    }
}
