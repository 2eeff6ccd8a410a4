package io.foresell.training.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.DatePart;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.PlannedRows;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.OnnxRuntimeJudge;
import io.foresell.training.fit.linear.LogisticRegression;
import io.foresell.training.fit.sequence.NetworkKind;
import io.foresell.training.fit.sequence.SequenceNetwork;
import io.foresell.training.fit.tree.BoostedTrees;
import io.foresell.training.prepare.Outliers.Action;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With every preparation, library, compiled scorer and ONNX Runtime answer alike on held-out rows with holes and unseen texts. */
final class PreparedParityTest {
    private static final int ROWS = 300;
    private static final TextRule.TermChoice TERMS = new TextRule.TermChoice(60, 2, true, true, true);

    private static TrainingSet set() {
        Random random = new Random(8);
        List<String> words = List.of("card", "Card?", "lost", "top", "up", "银行卡", "help!", "my");
        double[] spend =
                PlannedRows.numbers(ROWS, i -> random.nextInt(7) == 0 ? Double.NaN : Math.exp(random.nextGaussian()));
        double[] age = PlannedRows.numbers(ROWS, i -> random.nextInt(9) == 0 ? Double.NaN : random.nextInt(60));
        double[] weekly =
                PlannedRows.numbers(ROWS * 5, i -> random.nextInt(4) == 0 ? Double.NaN : random.nextGaussian() + i % 5);
        return PlannedRows.of(ROWS)
                .number("spend", spend)
                .number("age", age)
                .number("since", PlannedRows.numbers(ROWS, i -> 1.5e12 + random.nextInt(1_000_000) * 1e5))
                .sequence("weekly", 5, weekly)
                .text("city", PlannedRows.texts(ROWS, i -> "city" + random.nextInt(9)))
                .text(
                        "note",
                        PlannedRows.texts(
                                ROWS,
                                i -> words.get(random.nextInt(8)) + " " + words.get(random.nextInt(8)) + " "
                                        + words.get(random.nextInt(8))))
                .labelled(PlannedRows.numbers(
                        ROWS, i -> (age[i] > 30 ? 1 : 0) + random.nextGaussian() + weekly[i * 5 + 1] > 1 ? 1 : 0));
    }

    private static ColumnRule number(
            String column, Fill.Rule fill, boolean isLogarithmic, Scale scale, Outliers.Action action) {
        Outliers outliers = new Outliers(Outliers.Rule.QUANTILE, 0.05, action);
        return new ColumnRule(
                List.of(column), new NumberPlan(new Fill(fill, 3), true, outliers, isLogarithmic, scale, null));
    }

    private static ColumnRule bins(Bins.Rule rule, boolean isOneHot) {
        Bins bins = new Bins(rule, 4, rule == Bins.Rule.EDGES ? List.of(10f, 20f) : List.of(), isOneHot);
        return new ColumnRule(List.of("age"), new NumberPlan(Fill.FAMILY, false, null, false, Scale.FAMILY, bins));
    }

    private static ColumnRule sequence(SequencePlan.Gaps gaps, boolean isLogarithmic, Scale scale) {
        return new ColumnRule(List.of("weekly"), new SequencePlan(gaps, isLogarithmic, scale));
    }

    private static final ColumnRule DATES = new ColumnRule(
            List.of("since"), new DatePlan(List.of(DatePart.values()), true, 1, List.of(1_600_000_000_000L)));
    private static final ColumnRule NO_NOTE = TextsTest.leftOut("note");

    private static Map<String, Preparation> plans() {
        Map<String, Preparation> plans = new LinkedHashMap<>();
        plans.put(
                "filled, clipped, compressed and scaled numbers",
                Formulas.columns(
                        NO_NOTE,
                        number("spend", Fill.Rule.MEDIAN, true, Scale.ROBUST, Action.CLIP),
                        number("age", Fill.Rule.CONSTANT, false, Scale.MIN_MAX, Action.FLAG)));
        plans.put(
                "numbers filled by a regression, rows dropped",
                Formulas.columns(
                        NO_NOTE,
                        number("spend", Fill.Rule.RIDGE, true, Scale.STANDARD, Action.DROP),
                        number("age", Fill.Rule.RIDGE, false, Scale.NONE, Action.CLIP)));
        plans.put("bins and dates", Formulas.columns(NO_NOTE, bins(Bins.Rule.QUANTILE, true), DATES));
        plans.put("bins by width", Formulas.columns(NO_NOTE, bins(Bins.Rule.UNIFORM, false)));
        plans.put(
                "given edges and hashed texts",
                Formulas.columns(NO_NOTE, bins(Bins.Rule.EDGES, true), Formulas.text("city", new TextRule.Hashed(5))));
        plans.put(
                "mean labels and lines between steps",
                Formulas.columns(
                        NO_NOTE,
                        Formulas.text("city", new TextRule.Target(5, 4)),
                        sequence(SequencePlan.Gaps.LINEAR, false, Scale.FAMILY)));
        plans.put(
                "rare and ordinal texts, steps before",
                Formulas.columns(
                        Formulas.text("city", new TextRule.OneHot(1, 4)),
                        Formulas.text("note", new TextRule.Ordinal()),
                        sequence(SequencePlan.Gaps.LAST, true, Scale.MIN_MAX)));
        plans.put("words", Formulas.columns(Formulas.text("note", new TextRule.Words(1, 2, TERMS))));
        plans.put(
                "words and characters",
                Formulas.columns(Formulas.text(
                        "note",
                        new TextRule.WordsAndCharacters(
                                new TextRule.Words(1, 1, TERMS), new TextRule.Characters(2, 3, TERMS)))));
        plans.put("characters", Formulas.columns(Formulas.text("note", new TextRule.Characters(1, 3, TERMS))));
        plans.put(
                "interactions and a selection",
                new Preparation(
                        RowRules.NONE,
                        List.of(NO_NOTE, number("spend", Fill.Rule.MEAN, false, Scale.FAMILY, Action.CLIP)),
                        List.of(new Interaction("spend", "city"), new Interaction("spend", "spend")),
                        List.of(new Selection(Selection.Rule.F_TEST, 9, Double.NaN))));
        plans.put(
                "isolated rows flagged, interactions after that",
                new Preparation(
                        new RowRules(List.of(), RowRules.Duplicates.KEEP, 0.03, RowRules.Isolated.FLAG),
                        List.of(NO_NOTE, number("spend", Fill.Rule.FAMILY, true, Scale.FAMILY, Action.FLAG)),
                        List.of(new Interaction("spend", "age")),
                        List.of()));
        plans.put(
                "principal components",
                new Preparation(
                        RowRules.NONE,
                        List.of(NO_NOTE),
                        List.of(),
                        List.of(
                                new Selection(Selection.Rule.VARIANCE, 0, Double.NaN),
                                new Selection(Selection.Rule.COMPONENTS, 6, Double.NaN))));
        return plans;
    }

    static Stream<String> names() {
        return plans().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void linear(String name) throws Exception {
        assertParity(plans().get(name), LogisticRegression.DEFAULT);
    }

    @ParameterizedTest
    @MethodSource("names")
    void trees(String name) throws Exception {
        assertParity(plans().get(name), new BoostedTrees(15, 0.3, 3, 0, 1, 1, 1, 1));
    }

    @Test
    void networksOverSequences() throws Exception {
        for (SequencePlan.Gaps gaps : SequencePlan.Gaps.values()) {
            assertParity(
                    Formulas.columns(
                            sequence(gaps, true, Scale.STANDARD),
                            Formulas.text("city", new TextRule.Target(5, 4)),
                            NO_NOTE),
                    new SequenceNetwork(NetworkKind.CONV1D, 4, 3, 1, 32, 0.01));
        }
    }

    private static void assertParity(Preparation plan, Algorithm algorithm) throws Exception {
        Fold fold = Splitter.split(set(), new SplitPlan.Entity(0.3), 5).get(0);
        try (FittedModel model = algorithm.fitter(1).fit(Formulas.request(fold.training(), plan))) {
            Signature signature = model.signature();
            Rows rows = damaged(fold.heldOut().rows(signature));
            double[] expected = model.predict(rows);
            byte[] onnx = model.onnx();
            Background background = Background.of(signature, fold.training().rows(signature));
            Scorer scorer = ScorerCompiler.compile(onnx, signature, model.answer(), background);
            float[] actual = new float[rows.rowCount()];
            scorer.score(rows, actual);
            float[] judged = OnnxRuntimeJudge.score(onnx, signature, rows);
            double greatest = 0;
            for (int row = 0; row < actual.length; row++) {
                greatest = Math.max(greatest, Math.abs(actual[row] - expected[row]));
                greatest = Math.max(greatest, Math.abs(judged[row] - expected[row]));
            }
            assertThat(greatest).isLessThanOrEqualTo(model.parityTolerance());
            assertThat(java.util.Arrays.stream(expected).distinct().count()).isGreaterThan(5);
            double[] contributions = new double[signature.inputs().size()];
            scorer.contributions(rows, 0, 0, contributions);
            assertThat(contributions).doesNotContain(Double.NaN);
        }
    }

    private static Rows damaged(Rows rows) {
        Random random = new Random(3);
        float[] numbers = rows.numbers().clone();
        String[] texts = rows.texts().clone();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextInt(3) == 0 ? Float.NaN : numbers[i];
        }
        for (int i = 0; i < texts.length; i++) {
            int chance = random.nextInt(6);
            texts[i] = chance == 0 ? "" : chance == 1 ? "never seen" : texts[i];
        }
        return new Rows(rows.rowCount(), numbers, texts);
    }
}
