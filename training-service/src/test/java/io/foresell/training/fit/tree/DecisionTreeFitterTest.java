package io.foresell.training.fit.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.training.dataset.PlantedTable;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.TelcoChurn;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

final class DecisionTreeFitterTest {
    private static final DecisionTree SMALL = new DecisionTree(3, 32, 1, false, 0);

    @Test
    void printsRulesInTheNamesOfInputsAndCategories() {
        // 1 exactly for gold customers of 30 and more.
        TrainingSet set = goldFrom30("gold");

        try (FittedModel model = fit(set, SMALL)) {
            assertThat(text(model, "tree.txt"))
                    .isEqualTo(
                            """
                            3 leaves, 2 splits deep, 10 training rows; all together: probability 0.200
                            plan is not gold: 6 rows, probability 0.000 *
                            plan is gold: 4 rows, probability 0.500
                            |   age < 30.5 or missing: 2 rows, probability 0.000 *
                            |   age >= 30.5: 2 rows, probability 1.000 *
                            """);
        }
    }

    @Test
    void drawsTheSameAsXml() throws Exception {
        try (FittedModel model = fit(goldFrom30("<gold & \"more\">\u0001"), SMALL)) {
            Document drawing = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(model.source().get("tree.svg")));
            List<String> texts = IntStream.range(
                            0, drawing.getElementsByTagName("text").getLength())
                    .mapToObj(i -> drawing.getElementsByTagName("text").item(i).getTextContent())
                    .toList();
            assertThat(texts).contains("plan is not <gold & \"more\"> ", "age >= 30.5", "2 rows, probability 1.000");
            assertThat(drawing.getElementsByTagName("path").getLength()).isEqualTo(4);
        }
    }

    /** scikit-learn 1.9: DecisionTreeClassifier(max_depth=3, min_samples_leaf=20) on the same rows. */
    @Test
    void splitsRealRowsAsScikitLearnDoes() throws Exception {
        try (FittedModel model = fit(TelcoChurn.read(), new DecisionTree(3, 32, 20, false, 0))) {
            assertThat(text(model, "tree.txt"))
                    .contains(
                            "Contract is not Month-to-month: 3168 rows",
                            "|   MonthlyCharges < 93.675 or missing: 2390 rows",
                            "|   |   Contract is not Two year: 1075 rows",
                            "|   |   Contract is Two year: 1315 rows",
                            "Contract is Month-to-month: 3875 rows",
                            "|   InternetService is Fiber optic: 2128 rows",
                            "|   |   tenure < 15.5: 1036 rows, probability 0.692 *",
                            "|   |   tenure >= 15.5 or missing: 1092 rows");
        }
    }

    @Test
    void aMissingValueIsAConditionOfItsOwn() {
        double[] ages = {Double.NaN, Double.NaN, Double.NaN, 20, 30, 40, 50, 60};
        double[] labels = {1, 1, 1, 0, 0, 0, 0, 0};

        try (FittedModel model = fit(set(labels, new RowBlock.Numbers("age", 1, ages)), SMALL)) {
            assertThat(text(model, "tree.txt"))
                    .contains(
                            "age is missing: 3 rows, probability 1.000 *", "age is known: 5 rows, probability 0.000 *");
        }
    }

    @Test
    void pruningCutsWhatDoesNotPay() {
        TrainingSet set = PlantedTable.binary(500, 3);
        int last = Integer.MAX_VALUE;
        for (double pruning : new double[] {0, 0.001, 0.003, 0.01, 1}) {
            try (FittedModel model = fit(set, new DecisionTree(10, 500, 1, false, pruning))) {
                String text = text(model, "tree.txt");
                int leaves = Integer.parseInt(text.substring(0, text.indexOf(' ')));
                assertThat(leaves).isLessThan(last);
                last = leaves;
            }
        }
        assertThat(last).isEqualTo(1);
    }

    @Test
    void aRowPerLeafRemembersEveryRow() {
        TrainingSet set = PlantedTable.values(200, 4);
        TrainingFold fold = TrainingFold.all(set);

        try (FittedModel model = fit(set, new DecisionTree(30, 10_000, 1, false, 0))) {
            double[] answers = model.predict(fold.rows(model.signature()));
            for (int row = 0; row < answers.length; row++) {
                assertThat(answers[row]).isCloseTo(fold.labels()[row], org.assertj.core.data.Offset.offset(1e-3));
            }
        }
    }

    @Test
    void weightsMoveWhatLeavesAnswer() {
        double[] labels = {1, 0, 0, 0};
        TrainingSet set = set(labels, new RowBlock.Numbers("age", 1, new double[] {1, 1, 1, 1}));
        FitRequest request = FitRequest.of(TrainingFold.all(set), 1);

        assertThat(answer(request)).isEqualTo(0.25f);
        assertThat(answer(request.weighted(ClassWeights.BALANCED))).isEqualTo(0.5f);
        assertThat(answer(request.weighted(new ClassWeights(false, Map.of("positive", 9.0)))))
                .isEqualTo(0.75f);
    }

    private static float answer(FitRequest request) {
        try (FittedModel model = new DecisionTreeFitter(SMALL).fit(request)) {
            return (float) model.predict(request.fold().rows(model.signature()))[0];
        }
    }

    @Test
    void tenThousandCategoriesAndConstantColumnsAreRead() {
        int count = 20_000;
        double[] labels =
                IntStream.range(0, count).mapToDouble(i -> i % 7 == 0 ? 1 : 0).toArray();
        List<String> names =
                IntStream.range(0, count / 2).mapToObj(i -> "k" + i).toList();
        int[] codes = IntStream.range(0, count).map(i -> i / 2).toArray();
        double[] constant = new double[count];
        double[] remainders = IntStream.range(0, count).mapToDouble(i -> i % 7).toArray();
        TrainingSet set = set(
                labels,
                new RowBlock.Texts("key", names, codes),
                new RowBlock.Numbers("constant", 1, constant),
                new RowBlock.Numbers("remainder", 1, remainders));

        try (FittedModel model = fit(set, DecisionTree.DEFAULT)) {
            assertThat(text(model, "tree.txt"))
                    .startsWith("2 leaves")
                    .contains("remainder < 0.5: 2858 rows, probability 1.000 *");
        }
    }

    @Test
    void refusesParametersOutOfRange() {
        assertThatThrownBy(() -> new DecisionTree(0, 32, 20, false, 0))
                .hasMessageContaining("max_depth: 0 (expected: 1..30)");
        assertThatThrownBy(() -> new DecisionTree(6, 1, 20, false, 0)).hasMessageContaining("max_leaves: 1");
        assertThatThrownBy(() -> new DecisionTree(6, 32, 20, false, Double.NaN)).hasMessageContaining("pruning: NaN");
    }

    private static TrainingSet goldFrom30(String gold) {
        double[] ages = {20, 30, 31, 40, 20, 30, 31, 40, 50, 60};
        double[] labels = {0, 0, 1, 1, 0, 0, 0, 0, 0, 0};
        int[] plans = {0, 0, 0, 0, 1, 1, 2, 2, 1, 2};
        return set(
                labels,
                new RowBlock.Numbers("age", 1, ages),
                new RowBlock.Texts("plan", List.of(gold, "basic", "family"), plans));
    }

    private static TrainingSet set(double[] labels, RowBlock.Column... columns) {
        List<String> keys =
                IntStream.range(0, labels.length).mapToObj(i -> "c" + i).toList();
        return PlantedTable.set(keys, new RowBlock.NumberTarget(labels), Arrays.asList(columns));
    }

    private static FittedModel fit(TrainingSet set, DecisionTree parameters) {
        return new DecisionTreeFitter(parameters).fit(FitRequest.of(TrainingFold.all(set), 1));
    }

    private static String text(FittedModel model, String file) {
        return new String(model.source().get(file), StandardCharsets.UTF_8);
    }
}
