package io.foresell.training.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.foresell.kit.ServiceException;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.PlannedRows;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.FitListener;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.linear.LogisticRegression;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** What is fitted depends on the rows of the fold and on nothing else. */
final class PreparedFoldTest {
    private static final TextRule.TermChoice TERMS = new TextRule.TermChoice(50, 1, true, true, true);
    private static final int FOLDS = 4;

    /** Everything that is fitted at once: thresholds, means, terms, mean labels, a regression, scores and components. */
    private static final Preparation EVERYTHING = new Preparation(
            new RowRules(List.of("y"), RowRules.Duplicates.OF_VALUES),
            List.of(
                    new ColumnRule(
                            List.of("x"),
                            new NumberPlan(
                                    new Fill(Fill.Rule.RIDGE, 0),
                                    true,
                                    new Outliers(Outliers.Rule.IQR, 1.5, Outliers.Action.CLIP),
                                    true,
                                    Scale.ROBUST,
                                    null)),
                    Formulas.text("city", new TextRule.Target(2, 3)),
                    Formulas.text("plan", new TextRule.Words(1, 1, TERMS))),
            List.of(new Interaction("x", "y")),
            List.of(
                    new Selection(Selection.Rule.MUTUAL_INFORMATION, 6, Double.NaN),
                    new Selection(Selection.Rule.COMPONENTS, 3, Double.NaN)));

    /** Returns the rows; those of the first fold that are held out may be anything. */
    private static TrainingSet set(boolean isHeldOutStrange) {
        int rowCount = Formulas.ROWS;
        return PlannedRows.of(rowCount)
                .number(
                        "x",
                        PlannedRows.numbers(
                                rowCount,
                                i -> isHeldOutStrange && i % FOLDS == 0
                                        ? 1e9
                                        : i % 7 == 0 ? Double.NaN : Formulas.x(i)))
                .number(
                        "y",
                        PlannedRows.numbers(rowCount, i -> isHeldOutStrange && i % FOLDS == 0 ? -1e9 : Formulas.y(i)))
                .text(
                        "city",
                        PlannedRows.texts(
                                rowCount, i -> isHeldOutStrange && i % FOLDS == 0 ? "Atlantis" : Formulas.city(i)))
                .text(
                        "plan",
                        PlannedRows.texts(
                                rowCount, i -> isHeldOutStrange && i % FOLDS == 0 ? "z z z" : Formulas.plan(i)))
                .labelled(PlannedRows.numbers(
                        rowCount, i -> isHeldOutStrange && i % FOLDS == 0 ? 1 - Formulas.label(i) : Formulas.label(i)));
    }

    @Test
    void heldOutRowsCannotChangeWhatIsFitted() {
        SplitPlan split = new SplitPlan.KFold(FOLDS, SplitPlan.FoldBy.ROW_INDEX);
        Fold usual = Splitter.split(set(false), split, 1).get(0);
        Fold strange = Splitter.split(set(true), split, 1).get(0);
        assertThat(strange.heldOut().labels()).isNotEqualTo(usual.heldOut().labels());
        assertThat(onnx(strange.training())).isEqualTo(onnx(usual.training()));
        // The rows that are fitted on do change it.
        Fold other = Splitter.split(set(true), split, 1).get(1);
        assertThat(onnx(other.training())).isNotEqualTo(onnx(usual.training()));
    }

    private static byte[] onnx(TrainingFold fold) {
        FitRequest request = Formulas.request(fold, EVERYTHING);
        try (FittedModel model = LogisticRegression.DEFAULT.fitter(1).fit(request)) {
            return model.onnx();
        }
    }

    @Test
    void aPlanOfNothingChangesNothing() {
        FitRequest request = Formulas.request(set(false), Preparation.NONE);
        assertThat(request.prepared().touched()).isEmpty();
        assertThat(Preparation.NONE.asText()).isEmpty();
        assertThat(request.encodings().rawFlat().encodedNames()).startsWith("x", "y", "city=Bonn");
    }

    @Test
    void aPartOfAMarkedFoldIsFittedOnItsOwn() {
        FitRequest whole = Formulas.request(set(false), EVERYTHING);
        TrainingFold.Parts parts = whole.fold().holdBack(0.5, 3);
        FitRequest part = Formulas.request(parts.fitted(), EVERYTHING);
        assertThat(part.encodings().standardizedFlat().encodedNames()).hasSize(3);
        Preparation target = Formulas.columns(Formulas.text("city", new TextRule.Target(2, 3)));
        FitRequest onPart =
                Formulas.request(Formulas.request(set(false), target).fold(), target);
        float[] again = onPart.encodings().rawFlat().encode(onPart.encodings().rows());
        FitRequest onAll = Formulas.request(set(false), target);
        assertThat(again)
                .isEqualTo(onAll.encodings().rawFlat().encode(onAll.encodings().rows()));
    }

    @Test
    void unknownColumnsAreNamedWithTheNearest() {
        for (Preparation plan : List.of(
                Formulas.columns(TextsTest.leftOut("ctiy")),
                new Preparation(
                        new RowRules(List.of("ctiy"), RowRules.Duplicates.KEEP), List.of(), List.of(), List.of()),
                new Preparation(RowRules.NONE, List.of(), List.of(new Interaction("x", "ctiy")), List.of()))) {
            ServiceException refused = catchThrowableOfType(
                    ServiceException.class, () -> plan.requireSuits(set(false).fields()));
            assertThat(refused.failure().reason()).isEqualTo("PREPARE_UNKNOWN_COLUMN");
            assertThat(refused.failure().message()).contains("'ctiy'", "nearest: city");
        }
    }

    @Test
    void columnsOfAnotherKindAreRefused() {
        ServiceException refused = catchThrowableOfType(
                ServiceException.class, () -> Formulas.columns(Formulas.fill("city", Fill.Rule.MEAN))
                        .requireSuits(set(false).fields()));
        assertThat(refused.failure().reason()).isEqualTo("PREPARE_KIND_DIFFERS");
        assertThat(refused.failure().message()).contains("city is a text (expected: a number)");
        assertThatCode(() -> EVERYTHING.requireSuits(set(false).fields())).doesNotThrowAnyException();
    }

    @Test
    void aRuleWithoutNamesIsForAllOthers() {
        ColumnRule all =
                new ColumnRule(List.of(), new NumberPlan(Fill.FAMILY, false, null, false, Scale.MIN_MAX, null));
        Preparation plan = Formulas.columns(all, TextsTest.leftOut("x", "city", "plan"));
        FitRequest request = Formulas.request(Formulas.classes(), plan);
        float[] encoded =
                request.encodings().rawFlat().encode(request.encodings().rows());
        assertThat(encoded).hasSize(Formulas.ROWS);
        float[] sorted = encoded.clone();
        Arrays.sort(sorted);
        assertThat(sorted[0]).isZero();
        assertThat(sorted[Formulas.ROWS - 1]).isCloseTo(1, within(1e-6f));
        assertThatThrownBy(() -> Formulas.columns(all, all)).hasMessageContaining("named once");
    }

    @Test
    void stopsWhenCancelled() {
        FitRequest request = new FitRequest(
                TrainingFold.all(set(false)), EVERYTHING, ClassWeights.EQUAL, 1, FitListener.NONE, () -> true);
        assertThatThrownBy(() -> request.encodings().standardizedFlat()).isInstanceOf(CancellationException.class);
    }
}
