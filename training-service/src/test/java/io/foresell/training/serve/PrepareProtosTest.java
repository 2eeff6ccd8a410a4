package io.foresell.training.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.training.v1.BinRule;
import io.foresell.proto.training.v1.ColumnRule;
import io.foresell.proto.training.v1.DatePart;
import io.foresell.proto.training.v1.FillRule;
import io.foresell.proto.training.v1.NumberPlan;
import io.foresell.proto.training.v1.OutlierAction;
import io.foresell.proto.training.v1.Preparation;
import io.foresell.proto.training.v1.ScaleRule;
import io.foresell.proto.training.v1.Selection;
import io.foresell.proto.training.v1.SelectionRule;
import io.foresell.proto.training.v1.TextPlan;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.training.prepare.Fill;
import io.foresell.training.prepare.Outliers;
import io.foresell.training.prepare.Scale;
import io.foresell.training.prepare.TextRule;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class PrepareProtosTest {
    private static TrainingSpec.Builder sound() {
        TrainingSpec.Builder spec = TrainingSpec.newBuilder()
                .setModel("churn")
                .setFeatureSet("customer_features")
                .setLabelView("churned");
        spec.addCandidatesBuilder().getLogisticRegressionBuilder();
        return spec;
    }

    private static NumberPlan.Builder number(Preparation.Builder plan) {
        return plan.addColumnsBuilder().addColumns("age").getNumberBuilder();
    }

    private static TextPlan.Builder text(Preparation.Builder plan) {
        return plan.addColumnsBuilder().addColumns("note").getTextBuilder();
    }

    @Test
    void nothingMeansNothing() {
        var spec = SpecProtos.toSpec(sound().build());
        assertThat(spec.preparation()).isEqualTo(io.foresell.training.prepare.Preparation.NONE);
        assertThat(spec.candidates().get(0).preparation()).isNull();
    }

    @Test
    void absentFieldsMeanTheirDefaults() {
        TrainingSpec.Builder message = sound();
        number(message.getPrepareBuilder())
                .setFill(FillRule.FILL_RULE_MEDIAN)
                .setScale(ScaleRule.SCALE_RULE_ROBUST)
                .getOutliersBuilder()
                .setAction(OutlierAction.OUTLIER_ACTION_CLIP);
        text(message.getPrepareBuilder()).getWordsBuilder();
        message.getCandidatesBuilder(0)
                .getPrepareBuilder()
                .addSelectionsBuilder()
                .setRule(SelectionRule.SELECTION_RULE_COMPONENTS);
        var spec = SpecProtos.toSpec(message.build());
        assertThat(spec.preparation().columns().get(0).plan())
                .isEqualTo(new io.foresell.training.prepare.NumberPlan(
                        new Fill(Fill.Rule.MEDIAN, 0),
                        false,
                        new Outliers(Outliers.Rule.IQR, 1.5, Outliers.Action.CLIP),
                        false,
                        Scale.ROBUST,
                        null));
        assertThat(spec.preparation().columns().get(1).plan())
                .isEqualTo(new io.foresell.training.prepare.TextPlan(
                        new TextRule.Words(1, 2, new TextRule.TermChoice(20_000, 1, true, true, true)), false, false));
        var own = spec.preparationOf(spec.candidates().get(0));
        assertThat(own.selections()).hasSize(1);
        assertThat(own.columns()).isEmpty();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("prepare.columns[0]", plan -> plan.addColumnsBuilder().addColumns("age")),
                fault("prepare.columns", plan -> {
                    number(plan);
                    number(plan);
                }),
                fault(
                        "prepare.columns[0].columns",
                        plan -> plan.addColumns(ColumnRule.newBuilder().setLeaveOut(true))),
                fault(
                        "prepare.columns[0].columns",
                        plan -> plan.addColumnsBuilder().addColumns("age").setLeaveOut(false)),
                fault("prepare.columns[0].number.fill", plan -> number(plan).setFillValue(77)),
                fault("prepare.columns[0].number.fill_constant", plan -> number(plan)
                        .setFill(FillRule.FILL_RULE_CONSTANT)
                        .setFillConstant(Double.NaN)),
                fault(
                        "prepare.columns[0].number.fill",
                        plan -> number(plan).setFill(FillRule.FILL_RULE_MEAN).getBinsBuilder()),
                fault(
                        "prepare.columns[0].number.bins.count",
                        plan -> number(plan).getBinsBuilder().setCount(1)),
                fault(
                        "prepare.columns[0].number.bins.edges",
                        plan -> number(plan).getBinsBuilder().addEdges(2).addEdges(1)),
                fault(
                        "prepare.columns[0].number.bins.edges",
                        plan -> number(plan).getBinsBuilder().setRule(BinRule.BIN_RULE_EDGES)),
                fault(
                        "prepare.columns[0].number.outliers.factor",
                        plan -> number(plan).getOutliersBuilder().setFactor(-1)),
                fault("prepare.columns[0].number.scale", plan -> number(plan).setScaleValue(9)),
                fault(
                        "prepare.columns[0].date.parts",
                        plan -> plan.addColumnsBuilder().addColumns("age").getDateBuilder()),
                fault("prepare.columns[0].date.parts", plan -> plan.addColumnsBuilder()
                        .addColumns("age")
                        .getDateBuilder()
                        .addParts(DatePart.DATE_PART_UNSPECIFIED)),
                fault("prepare.columns[0].date.age_since", plan -> plan.addColumnsBuilder()
                        .addColumns("age")
                        .getDateBuilder()
                        .setAgeSince("yesterday")),
                fault(
                        "prepare.columns[0].text.hash.buckets",
                        plan -> text(plan).getHashBuilder().setBuckets(1)),
                fault(
                        "prepare.columns[0].text.one_hot.max_categories",
                        plan -> text(plan).getOneHotBuilder().setMaxCategories(1001)),
                fault(
                        "prepare.columns[0].text.target.smoothing",
                        plan -> text(plan).getTargetBuilder().setSmoothing(-2)),
                fault(
                        "prepare.columns[0].text.target.folds",
                        plan -> text(plan).getTargetBuilder().setFolds(1)),
                fault("prepare.columns[0].text.ordinal", plan -> text(plan).setOrdinal(false)),
                fault(
                        "prepare.columns[0].text.words.max_length",
                        plan -> text(plan).getWordsBuilder().setMinLength(3).setMaxLength(2)),
                fault(
                        "prepare.columns[0].text.characters.max_terms",
                        plan -> text(plan).getCharactersBuilder().setMaxTerms(10_000)),
                fault(
                        "prepare.columns[0].text.fill_mode",
                        plan -> text(plan).setFillMode(true).getWordsBuilder()),
                fault("prepare.columns[0].text", plan -> {
                    TextPlan.Builder both = text(plan);
                    both.getWordsBuilder();
                    both.getHashBuilder();
                }),
                fault("prepare.selections[0].rule", plan -> plan.addSelectionsBuilder()
                        .setTop(3)),
                fault(
                        "prepare.selections[0].top",
                        plan -> plan.addSelections(
                                Selection.newBuilder().setRule(SelectionRule.SELECTION_RULE_F_TEST))),
                fault("prepare.selections[0].threshold", plan -> plan.addSelectionsBuilder()
                        .setRule(SelectionRule.SELECTION_RULE_CORRELATION)
                        .setThreshold(2)),
                fault("prepare.rows.duplicates", plan -> plan.getRowsBuilder().setDuplicatesValue(8)));
    }

    private static Arguments fault(String field, Consumer<Preparation.Builder> change) {
        return Arguments.of(field, change);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void namesExactlyTheFieldAtFault(String field, Consumer<Preparation.Builder> change) {
        TrainingSpec.Builder spec = sound();
        change.accept(spec.getPrepareBuilder());
        ServiceException refused = catchThrowableOfType(ServiceException.class, () -> SpecProtos.toSpec(spec.build()));
        assertThat(refused).isNotNull();
        assertThat(refused.failure().reason()).isEqualTo("SPEC_INVALID");
        List<Failure.FieldViolation> violations = refused.failure().violations();
        assertThat(violations).extracting(Failure.FieldViolation::field).containsExactly(field);
        assertThat(violations.get(0).description()).contains("(expected: ");
    }
}
