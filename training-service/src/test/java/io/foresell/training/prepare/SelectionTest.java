package io.foresell.training.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.foresell.kit.ServiceException;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.PlannedRows;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.prepare.Selection.Rule;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Scores of columns are scikit-learn's; selections keep the columns that matter. */
final class SelectionTest {
    private static final List<String> NAMES =
            List.of("x", "y", "city=Bonn", "city=Lyon", "city=Rome", "plan=a", "plan=b", "plan=c");

    private static ColumnScores scores(TrainingSet set) {
        FitRequest request = Formulas.request(set, Preparation.NONE);
        Preprocessing encoded = request.encodings().rawFlat();
        assertThat(encoded.encodedNames()).isEqualTo(NAMES);
        EncodedRows rows = new EncodedRows(encoded, request.encodings().rows(), () -> false);
        return new ColumnScores(rows, TrainingFold.all(set), () -> false);
    }

    /** Scikit-learn 1.9.1: f_classif, f_regression. */
    @Test
    void fStatisticsAreThoseOfScikitLearn() {
        assertThat(scores(Formulas.classes()).fTest())
                .containsExactly(
                        new double[] {
                            117.3009346, 1.9712431, 16.8910535, 6.2668617, 3.0351265, 1.6624401, 4.9358807, 0.8087844
                        },
                        within(1e-4));
        assertThat(scores(Formulas.values()).fTest())
                .containsExactly(
                        new double[] {
                            204.2024654, 0.5199405, 0.354066, 0.0118879, 0.7463635, 0.2891464, 0.1312523, 0.0306258
                        },
                        within(1e-4));
    }

    /** Scikit-learn 1.9.1: chi2 of columns less their least value (all of them 0 here). */
    @Test
    void chiSquareIsThatOfScikitLearn() {
        assertThat(scores(Formulas.classes()).chiSquare())
                .containsExactly(
                        new double[] {
                            103.0085293, 4.305031, 9.0158377, 3.6310086, 2.4073354, 1.1114198, 3.2120033, 0.5445957
                        },
                        within(1e-4));
    }

    /** Scikit-learn 1.9.1: mutual_info_classif with discrete_features=True on the one-hot columns. */
    @Test
    void mutualInformationIsThatOfScikitLearn() {
        double[] information = scores(Formulas.classes()).mutualInformation();
        double[] expected = {0.064127321, 0.025497173, 0.012751226, 0.006964207, 0.020316601, 0.003407322};
        for (int i = 0; i < expected.length; i++) {
            assertThat(information[i + 2]).isCloseTo(expected[i], within(1e-8));
        }
        assertThat(information[0]).isGreaterThan(0.2);
    }

    /** Scikit-learn 1.9.1: Lasso with 0.3 of the least penalty that leaves nothing, on standardised columns. */
    @Test
    void lassoIsThatOfScikitLearn() {
        FitRequest request = Formulas.request(Formulas.classes(), Preparation.NONE);
        Preprocessing encoded = request.encodings().rawFlat();
        EncodedRows rows = new EncodedRows(encoded, request.encodings().rows(), () -> false);
        Lasso lasso = new Lasso(new Correlations(
                rows, Correlations.all(rows.rowCount), Labels.indicators(request.fold()), () -> false));
        assertThat(lasso.weights(0.3 * lasso.greatestPenalty()))
                .containsExactly(new double[] {0.243332, 0, 0.054147, 0, 0, 0, 0, 0}, within(1e-5));
    }

    private static List<String> kept(TrainingSet set, Selection... selections) {
        FitRequest request = Formulas.request(set, Formulas.selecting(selections));
        return request.encodings().standardizedFlat().encodedNames();
    }

    @Test
    void everyRuleKeepsTheColumnsThatMatter() {
        TrainingSet set = Formulas.classes();
        for (Rule rule : List.of(Rule.F_TEST, Rule.CHI_SQUARE, Rule.L1, Rule.RECURSIVE)) {
            assertThat(kept(set, new Selection(rule, 2, Double.NaN)))
                    .as("%s", rule)
                    .containsExactly("x", "city=Bonn");
        }
        assertThat(kept(set, new Selection(Rule.MUTUAL_INFORMATION, 1, Double.NaN)))
                .containsExactly("x");
        assertThat(kept(set, new Selection(Rule.STABILITY, 0, Double.NaN))).contains("x", "city=Bonn");
        assertThat(kept(set, new Selection(Rule.F_TEST, 0, 5))).containsExactly("x", "city=Bonn", "city=Lyon");
        assertThat(kept(set, new Selection(Rule.L1, 0, 0.3))).containsExactly("x", "city=Bonn");
    }

    @Test
    void plantedColumnsAreFoundAmongNoise() {
        int rowCount = 400;
        Random random = new Random(5);
        PlannedRows rows = PlannedRows.of(rowCount);
        double[][] noise = new double[30][];
        for (int column = 0; column < noise.length; column++) {
            noise[column] = PlannedRows.numbers(rowCount, i -> random.nextGaussian());
            rows.number("n" + column, noise[column]);
        }
        TrainingSet set = rows.labelled(PlannedRows.numbers(
                rowCount, i -> 2 * noise[3][i] - 1.5 * noise[17][i] + noise[22][i] + random.nextGaussian()));
        for (Rule rule : List.of(Rule.F_TEST, Rule.MUTUAL_INFORMATION, Rule.L1, Rule.RECURSIVE, Rule.STABILITY)) {
            assertThat(kept(set, new Selection(rule, 3, Double.NaN)))
                    .as("%s", rule)
                    .containsExactly("n3", "n17", "n22");
        }
    }

    @Test
    void constantAndRepeatedColumnsAreLeftOut() {
        TrainingSet set = PlannedRows.of(6)
                .number("a", 1, 2, 3, 4, 5, 6)
                .number("same", 3, 3, 3, 3, 3, 3)
                .number("twice", 2, 4, 6, 8, 10, 12)
                .number("b", 1, -1, 1, -1, 1, -1)
                .labelled(1, 0, 1, 0, 0, 1);
        assertThat(kept(set, new Selection(Rule.VARIANCE, 0, Double.NaN))).containsExactly("a", "twice", "b");
        assertThat(kept(set, new Selection(Rule.VARIANCE, 0, 0), new Selection(Rule.CORRELATION, 0, 0.9)))
                .containsExactly("a", "b");
    }

    /** Scikit-learn 1.9.1: PCA of standardised x, y and x * y; the sign is ours. */
    @Test
    void principalComponentsAreThoseOfScikitLearn() {
        TrainingSet set = PlannedRows.of(Formulas.ROWS)
                .number("x", PlannedRows.numbers(Formulas.ROWS, Formulas::x))
                .number("y", PlannedRows.numbers(Formulas.ROWS, Formulas::y))
                .number("z", PlannedRows.numbers(Formulas.ROWS, i -> Formulas.x(i) * Formulas.y(i)))
                .labelled(PlannedRows.numbers(Formulas.ROWS, Formulas::label));
        FitRequest plain = Formulas.request(set, Preparation.NONE);
        float[] columns =
                plain.encodings().standardizedFlat().encode(plain.encodings().rows());
        for (boolean isOfTrees : new boolean[] {false, true}) {
            FitRequest request = Formulas.request(set, Formulas.selecting(new Selection(Rule.COMPONENTS, 0, 0.96)));
            Preprocessing encoded = isOfTrees
                    ? request.encodings().rawFlat()
                    : request.encodings().standardizedFlat();
            assertThat(encoded.encodedNames()).containsExactly("component 0", "component 1");
            float[] components = encoded.encode(request.encodings().rows());
            double[][] expected = {{0.5033782, 0.5066365, 0.6999499}, {0.7095791, -0.7046257, -0.0002822}};
            for (int row = 0; row < Formulas.ROWS; row++) {
                for (int i = 0; i < 2; i++) {
                    double sum = 0;
                    for (int j = 0; j < 3; j++) {
                        sum += expected[i][j] * columns[row * 3 + j];
                    }
                    assertThat(components[row * 2 + i]).isCloseTo((float) sum, within(1e-4f));
                }
            }
        }
    }

    @Test
    void selectionsThatCannotBeAreRefused() {
        TrainingSet values = Formulas.values();
        refused(values, new Selection(Rule.CHI_SQUARE, 2, Double.NaN), "SELECTION_NEEDS_CLASSES");
        refused(values, new Selection(Rule.F_TEST, 0, 1e9), "SELECTION_EMPTY");
    }

    private static void refused(TrainingSet set, Selection selection, String reason) {
        ServiceException refused = catchThrowableOfType(ServiceException.class, () -> kept(set, selection));
        assertThat(refused.failure().reason()).isEqualTo(reason);
        assertThat(refused.failure().message()).contains("(expected: ");
    }
}
