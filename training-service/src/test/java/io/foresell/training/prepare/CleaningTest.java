package io.foresell.training.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.PlannedRows;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.prepare.Outliers.Action;
import io.foresell.training.prepare.RowRules.Duplicates;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows that train are cleaned as asked, and every step says how much it touched. */
final class CleaningTest {
    private static final double NAN = Double.NaN;

    private static Preparation rows(Duplicates duplicates, String... required) {
        return new Preparation(new RowRules(List.of(required), duplicates), List.of(), List.of(), List.of());
    }

    private static List<String> said(FitRequest request) {
        return Touched.sentences(List.of(request.prepared().touched()));
    }

    private static TrainingSet repeated() {
        return PlannedRows.of(List.of("a", "a", "b", "a", "a"), 0, 0, 0, 0, 0)
                .number("n", 1, 1, 1, NAN, 1)
                .text("t", "x", "x", "x", "x", "x")
                .labelled(1, 1, 1, 0, 0);
    }

    @Test
    void rowsWithoutRequiredValuesAreLeftOut() {
        FitRequest request = Formulas.request(repeated(), rows(Duplicates.KEEP, "n"));
        assertThat(request.fold().labels()).containsExactly(1, 1, 1, 0);
        assertThat(request.encodings().labels())
                .hasSize(request.encodings().rows().rowCount());
        assertThat(request.weights()).hasSize(4);
        assertThat(said(request)).containsExactly("Preparation left out rows without n: 1 of 5 training rows.");
    }

    @Test
    void duplicatesAreOfAnEntityOrOfAnyone() {
        FitRequest ofEntity = Formulas.request(repeated(), rows(Duplicates.OF_ENTITY));
        assertThat(ofEntity.fold().labels()).containsExactly(1, 1, 0, 0);
        FitRequest ofAnyone = Formulas.request(repeated(), rows(Duplicates.OF_VALUES));
        assertThat(ofAnyone.fold().labels()).containsExactly(1, 0, 0);
        assertThat(said(ofAnyone)).containsExactly("Preparation left out duplicate rows: 2 of 5 training rows.");
    }

    /** Neither number lies far out alone; the last row is the only one where they differ. */
    @Test
    void rowsUnlikeTheOthersAreLeftOut() {
        double[] same = IntStream.range(0, 100).mapToDouble(i -> i % 10).toArray();
        double[] other = same.clone();
        other[99] = 0;
        double[] labels = IntStream.range(0, 100).mapToDouble(i -> i % 2).toArray();
        TrainingSet set =
                PlannedRows.of(100).number("a", same).number("b", other).labelled(labels);
        RowRules rules = new RowRules(List.of(), Duplicates.KEEP, 0.01, RowRules.Isolated.DROP);
        FitRequest request = Formulas.request(set, new Preparation(rules, List.of(), List.of(), List.of()));

        assertThat(request.fold().rowIndexes()).hasSize(99).doesNotContain(99);
        assertThat(said(request))
                .containsExactly(
                        "Preparation left out rows that an isolation forest separates soonest: 1 of 100 training rows.");
    }

    /** The same rows, none of them left out: columns say that the last one is unlike the others. */
    @Test
    void rowsUnlikeTheOthersAreFlagged() {
        double[] same = IntStream.range(0, 100).mapToDouble(i -> i % 10).toArray();
        double[] other = same.clone();
        other[99] = 0;
        same[42] = NAN;
        double[] labels = IntStream.range(0, 100).mapToDouble(i -> i % 2).toArray();
        TrainingSet set =
                PlannedRows.of(100).number("a", same).number("b", other).labelled(labels);
        RowRules rules = new RowRules(List.of(), Duplicates.KEEP, 0.01, RowRules.Isolated.FLAG);
        FitRequest request = Formulas.request(set, new Preparation(rules, List.of(), List.of(), List.of()));

        float[] encoded = encoded(request);

        assertThat(request.fold().rowCount()).isEqualTo(100);
        assertThat(encoded).hasSize(400);
        for (int row = 0; row < 100; row++) {
            assertThat(encoded[4 * row + 3]).as("row %d", row).isEqualTo(row == 99 ? 1 : 0);
            assertThat(encoded[4 * row + 2]).isBetween(0.3f, row == 99 ? 0.9f : encoded[4 * 99 + 2]);
        }
        assertThat(said(request))
                .containsExactly(
                        "Preparation flagged rows that an isolation forest separates soonest: 1 of 100 training rows.");
        assertThat(encoded(Formulas.request(set, new Preparation(rules, List.of(), List.of(), List.of()))))
                .containsExactly(encoded);
    }

    /** Each rule with each action, on -40, 1 to 6, a hole and 90: whatever a rule finds is flagged, clipped or dropped, and counted. */
    @Test
    void everyRuleFlagsClipsAndDrops() {
        for (Outliers.Rule rule : Outliers.Rule.values()) {
            double factor = rule == Outliers.Rule.Z_SCORE ? 1.2 : rule == Outliers.Rule.QUANTILE ? 0.1 : 1.5;
            int found = 2;
            FitRequest flagged = outliers(new Outliers(rule, factor, Action.FLAG));
            assertThat(encoded(flagged)).as("%s", rule).hasSize(4 * 9);
            assertThat(said(flagged))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("flagged outliers of n by", found + " of 9");
            FitRequest clipped = outliers(new Outliers(rule, factor, Action.CLIP));
            assertThat(clipped.fold().rowCount()).isEqualTo(9);
            assertThat(encoded(clipped)[0]).as("%s", rule).isGreaterThan(-40);
            assertThat(encoded(clipped)[8]).as("%s", rule).isLessThan(90);
            assertThat(said(clipped))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("clipped n by", found + " of 9 training values");
            FitRequest dropped = outliers(new Outliers(rule, factor, Action.DROP));
            assertThat(encoded(dropped)).as("%s", rule).hasSize(9 - found);
            assertThat(said(dropped))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("left out rows with outliers", found + " of 9");
        }
    }

    private static FitRequest outliers(Outliers outliers) {
        TrainingSet set =
                PlannedRows.of(9).number("n", -40, 1, 2, 3, 4, 5, 6, NAN, 90).labelled(1, 0, 1, 0, 1, 0, 1, 0, 1);
        NumberPlan plan = new NumberPlan(Fill.FAMILY, false, outliers, false, Scale.NONE, null);
        return Formulas.request(set, Formulas.columns(new ColumnRule(List.of("n"), plan)));
    }

    private static float[] encoded(FitRequest request) {
        return request.encodings().rawFlat().encode(request.encodings().rows());
    }

    /** The quartiles of the eight numbers are 1.75 and 5.25: bounds -3.5 and 10.5. */
    @Test
    void outliersAreClippedDroppedOrFlagged() {
        Outliers.Rule iqr = Outliers.Rule.IQR;
        FitRequest clipped = outliers(new Outliers(iqr, 1.5, Action.CLIP));
        assertThat(encoded(clipped)).containsExactly(-3.5f, 1, 2, 3, 4, 5, 6, Float.NaN, 10.5f);
        assertThat(said(clipped))
                .containsExactly("Preparation clipped n by the range of the quartiles: 2 of 9 training values.");
        FitRequest dropped = outliers(new Outliers(iqr, 1.5, Action.DROP));
        assertThat(encoded(dropped)).containsExactly(1, 2, 3, 4, 5, 6, Float.NaN);
        FitRequest flagged = outliers(new Outliers(iqr, 1.5, Action.FLAG));
        assertThat(encoded(flagged)).startsWith(-40, 1, 0, 0, 1, 0, 1, 0).endsWith(Float.NaN, 0, 0, 0, 90, 0, 0, 1);
        assertThat(said(flagged)).hasSize(1).first().asString().contains("flagged outliers of n", "2 of 9");
    }

    @Test
    void boundsComeFromQuartilesDeviationsOrQuantiles() {
        float[] values = {0, 1, 2, 3, 4, Float.NaN};
        assertBounds(new Outliers(Outliers.Rule.IQR, 1.5, Action.CLIP), values, -2, 6);
        double deviation = Math.sqrt(2);
        assertBounds(new Outliers(Outliers.Rule.Z_SCORE, 1, Action.CLIP), values, 2 - deviation, 2 + deviation);
        assertBounds(new Outliers(Outliers.Rule.QUANTILE, 0.1, Action.CLIP), values, 0.4, 3.6);
    }

    private static void assertBounds(Outliers outliers, float[] values, double low, double high) {
        assertThat(outliers.bounds(values).low()).isCloseTo(low, within(1e-9));
        assertThat(outliers.bounds(values).high()).isCloseTo(high, within(1e-9));
    }

    @Test
    void partsOfACleanedFoldKeepTheirRows() {
        FitRequest first = outliers(new Outliers(Outliers.Rule.IQR, 0.1, Action.DROP));
        FitRequest again = Formulas.request(first.fold(), first.preparation());
        assertThat(again.fold().rowCount()).isEqualTo(first.fold().rowCount());
    }

    @Test
    void nothingLeftIsRefused() {
        TrainingSet set =
                PlannedRows.of(2).number("n", NAN, 1).number("m", 1, NAN).labelled(1, 0);
        ServiceException refused = catchThrowableOfType(
                ServiceException.class, () -> Formulas.request(set, rows(Duplicates.KEEP, "n", "m")));
        assertThat(refused.failure().reason()).isEqualTo("PREPARE_NO_ROWS");
    }

    @Test
    void oneClassLeftIsRefused() {
        TrainingSet set = PlannedRows.of(3).number("n", NAN, 1, 2).labelled(1, 0, 0);
        ServiceException refused =
                catchThrowableOfType(ServiceException.class, () -> Formulas.request(set, rows(Duplicates.KEEP, "n")));
        assertThat(refused.failure().reason()).isEqualTo("LABEL_ONE_CLASS");
    }

    @Test
    void missingNumbersBecomeWhatTheRuleSays() {
        TrainingSet set = PlannedRows.of(6).number("n", 7, NAN, 1, 7, NAN, 3).labelled(1, 0, 1, 0, 1, 0);
        float[] expected = {-5, 4.5f, 5, 7};
        Fill.Rule[] rules = {Fill.Rule.CONSTANT, Fill.Rule.MEAN, Fill.Rule.MEDIAN, Fill.Rule.MODE};
        for (int i = 0; i < rules.length; i++) {
            FitRequest request = Formulas.request(set, Formulas.columns(Formulas.fill("n", rules[i])));
            assertThat(encoded(request)).containsExactly(7, expected[i], 1, 7, expected[i], 3);
            assertThat(said(request)).first().asString().contains("2 of 6 training values");
        }
    }

    @Test
    void theLastValueIsTheEntitysOwn() {
        TrainingSet set = PlannedRows.of(List.of("a", "b", "a", "b", "a"), 30, 10, 20, 20, 10)
                .number("n", NAN, NAN, NAN, 6, 4)
                .labelled(1, 0, 1, 0, 1);
        FitRequest request = Formulas.request(set, Formulas.columns(Formulas.fill("n", Fill.Rule.LAST)));
        // By time: a 4, b nothing yet (the median of 4, 4, 4 and 6), a 4, b 6, a 4.
        assertThat(encoded(request)).containsExactly(4, 4, 4, 6, 4);
        Preprocessing served = request.encodings().rawFlat();
        assertThat(served.encode(new Rows(1, new float[] {Float.NaN}, new String[0])))
                .containsExactly(4);
        assertThat(said(request)).first().asString().contains("the entity's last value: 2 of 5");
    }

    /** Scikit-learn 1.9.1: Ridge(alpha=1) of x on standardised y and cities, every sixth x missing. */
    @Test
    void aRegressionFillsLikeScikitLearns() {
        double[] x = PlannedRows.numbers(Formulas.ROWS, i -> i % 6 == 0 ? NAN : Formulas.x(i));
        TrainingSet set = PlannedRows.of(Formulas.ROWS)
                .number("x", x)
                .number("y", PlannedRows.numbers(Formulas.ROWS, Formulas::y))
                .text("city", PlannedRows.texts(Formulas.ROWS, Formulas::city))
                .labelled(PlannedRows.numbers(Formulas.ROWS, Formulas::label));
        Preparation plan = Formulas.columns(Formulas.fill("x", Fill.Rule.RIDGE), Formulas.fill("y", Fill.Rule.MEAN));
        FitRequest request = Formulas.request(set, plan);
        Preprocessing encoded = request.encodings().rawFlat();
        assertThat(encoded.encodedNames()).containsExactly("x", "y", "city=Bonn", "city=Lyon", "city=Rome");
        float[] columns = encoded.encode(request.encodings().rows());
        double[] expected = {4.923384, 4.806091, 4.896925, 4.78412, 4.861462, 4.766664};
        for (int i = 0; i < expected.length; i++) {
            assertThat(columns[i * 6 * 5]).isCloseTo((float) expected[i], within(1e-4f));
        }
        assertThat(columns[5]).isEqualTo((float) Formulas.x(1));
    }

    @Test
    void aFilledTextIsTheMostFrequentOne() {
        TrainingSet set = PlannedRows.of(5).text("t", "b", "", "a", "b", "").labelled(1, 0, 1, 0, 1);
        for (TextRule rule : List.of(TextRule.OneHot.ALL, new TextRule.Ordinal(), new TextRule.Hashed(4))) {
            Preparation plan = Formulas.columns(new ColumnRule(List.of("t"), new TextPlan(rule, true, true)));
            FitRequest request = Formulas.request(set, plan);
            Preprocessing encoded = request.encodings().rawFlat();
            float[] columns = encoded.encode(request.encodings().rows());
            int width = encoded.encodedWidth();
            for (int column = 0; column < width - 1; column++) {
                assertThat(columns[width + column]).isEqualTo(columns[column]);
            }
            assertThat(columns[2 * width - 1]).isEqualTo(1);
            assertThat(columns[width - 1]).isZero();
        }
    }
}
