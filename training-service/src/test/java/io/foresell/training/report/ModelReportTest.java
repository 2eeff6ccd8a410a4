package io.foresell.training.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.model.Task;
import io.foresell.model.manifest.Answer;
import io.foresell.model.manifest.Input;
import io.foresell.model.manifest.InputImportance;
import io.foresell.model.manifest.InputKind;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.reason.Reason;
import io.foresell.training.evaluate.AnswerShape;
import io.foresell.training.evaluate.Example;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;

/** The page as a browser would take it: the same markup must be well-formed XML, so an XML parser is the judge. */
final class ModelReportTest {
    private static final String EVIL = "<script>alert('1')</script>\"' onload=\"x\" &amp; ]]> \u202e\u0007\ud800";

    static Stream<ReportContent> everyTask() {
        return Stream.of(
                ReportFixture.binary(),
                ReportFixture.classes(),
                ReportFixture.values(),
                ReportFixture.clusters(),
                ReportFixture.with(ReportFixture.binary(), source()));
    }

    private static Map<String, byte[]> source() {
        return Map.of(
                "judgement.json", bytes(JudgementFixture.JSON),
                "coefficients.json",
                        bytes(
                                """
                                {"method": "ordinary least squares", "standard_errors": "from the residuals", "coefficients": [
                                {"name": "(intercept)", "estimate": 1.25, "standard_error": 0.1, "statistic": 12.5, "p_value": 1e-9},
                                {"name": "tenure", "estimate": -0.031, "standard_error": 0.02, "statistic": -1.5, "p_value": 0.13}]}
                                """),
                "tree.txt", bytes("all rows\ntenure < 3: 40 rows, 71 % *\ntenure >= 3: 160 rows, 12 % *\n"),
                "tree.svg", bytes("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Without the styles, and with plain spaces. */
    private static String page(ReportContent content) {
        String page = new String(ModelReport.of(content), StandardCharsets.UTF_8).replace('\u00a0', ' ');
        return page.substring(page.indexOf("</style>"));
    }

    @ParameterizedTest
    @MethodSource("everyTask")
    void isWellFormedAndCompleteInItself(ReportContent content) throws Exception {
        Document page = parsed(ModelReport.of(content));

        Set<String> ids = new HashSet<>();
        List<String> references = new ArrayList<>();
        for (Element element : elements(page)) {
            assertThat(element.getTagName()).isNotIn("script", "iframe", "object", "link", "form", "a", "base");
            NamedNodeMap attributes = element.getAttributes();
            for (int i = 0; i < attributes.getLength(); i++) {
                String name = attributes.item(i).getNodeName().toLowerCase(Locale.ROOT);
                String value = attributes.item(i).getNodeValue();
                assertThat(name).doesNotStartWith("on").isNotEqualTo("style");
                assertThat(value).doesNotContain("NaN", "Infinity", "null");
                if (Set.of("src", "href", "action", "data").contains(name)) {
                    assertThat(value).startsWith("data:image/svg+xml;base64,");
                }
                if (name.equals("id")) {
                    assertThat(ids.add(value)).as("id %s once", value).isTrue();
                }
                if (name.equals("aria-labelledby")) {
                    references.add(value);
                }
            }
        }
        assertThat(ids).containsAll(references);
        assertThat(page.getElementsByTagName("style").item(0).getTextContent()).doesNotContain("url(", "@import");
        assertThat(page.getDocumentElement().getTextContent()).doesNotContain("NaN", "Infinity", "null", "Optional");
    }

    private static List<Element> elements(Document page) {
        NodeList all = page.getElementsByTagName("*");
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < all.getLength(); i++) {
            elements.add((Element) all.item(i));
        }
        return elements;
    }

    private static Document parsed(byte[] page) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(page));
    }

    @Test
    void isTheSameForTheSameModelWhateverTheLanguageOfTheMachine() {
        byte[] page = ModelReport.of(ReportFixture.values());
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(ModelReport.of(ReportFixture.values())).isEqualTo(page);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void showsFiguresBesideTheBaselineWithTheirSpread() {
        String page = page(ReportFixture.binary());

        assertThat(page)
                .contains("Churn risk".toLowerCase(Locale.ROOT), "Who leaves in the next month.", "the risk of leaving")
                .contains("ROC-AUC", "beats", "baseline 0.500", "over folds", "2,000 rows")
                .contains("Know before use", "Feature duration alone nearly decides the label")
                .contains("ROC curve", "Precision-recall curve", "Calibration", "Gain", "top 10 %")
                .contains("Right: positive, and scored high", "&gt; 99 %", "Months with us is 1")
                .contains("SHA-256 of the rows", "9f2c", "tree count", "150", "2011-01-01 to 2011-09-08", "xgboost4j");
    }

    @Test
    void showsTheOrderWithinGroupsBesideARandomOne() {
        String page = page(ReportFixture.with(ReportFixture.binary(), source()));

        assertThat(page)
                .contains("Order within each region", "9 of 10 lists were judged", "0.680 to 0.760")
                .containsSubsequence("NDCG, top 10", "0.720", "0.410", "Mean reciprocal rank", "0.610", "0.330");
        assertThat(page(ReportFixture.binary())).doesNotContain("Order within each");
    }

    @Test
    void showsWhatFitsTheTask() {
        assertThat(page(ReportFixture.classes()))
                .contains("Which class is taken for which", "family", "premium 97 %".replace("premium", "family"))
                .contains("predicted, but it was premium", "mean |score of the class|")
                .doesNotContain("ROC curve", "positive among them");
        assertThat(page(ReportFixture.values()))
                .contains("Errors by size of the forecast", "predicted, actually 80 (+330)", "312.4")
                .doesNotContain("log-odds", "Gain");
        assertThat(page(ReportFixture.clusters()))
                .contains("cluster 2", "1,400", "70.0 %", "In the middle")
                .doesNotContain("baseline", "Wrong");
    }

    @Test
    void showsWhatOtherFilesOfThePackageAdd() {
        String page = page(ReportFixture.with(ReportFixture.binary(), source()));

        assertThat(page)
                .contains("95 %: 0.8", "loss when shuffled", "raise it")
                .contains("Clearly worse than the rest", "Would more data help?", "With twice the rows")
                .contains("How the answer moves with an input", "Act from 35.0 % on")
                .contains("Beside the other candidates", "Did the world change?", "May know the answer already")
                .contains("Ordinary least squares", "-0.031", "&lt; 0.001", "tenure &lt; 3");
    }

    @Test
    void aFileThatIsNotWhatItShouldBeIsLeftOut() {
        String plain = page(ReportFixture.binary());
        for (String file : List.of("", "[1, 2]", "{\"slices\": 3, \"metrics\": [null, 1]}", "{", "\u0000")) {
            assertThat(page(ReportFixture.with(ReportFixture.binary(), Map.of("judgement.json", bytes(file)))))
                    .isEqualTo(plain);
        }
    }

    @Test
    void foreignTextsAreTextOnly() throws Exception {
        String judgement = JudgementFixture.JSON.replace(
                "Month-to-month", EVIL.replace("\"", "\\\"").replace("\u0007", "\\u0007"));
        Manifest manifest = ReportFixture.manifest(Task.MULTICLASS)
                .setModel(EVIL)
                .setDescription(EVIL)
                .setAlgorithm(EVIL)
                .putMeaning("en", EVIL)
                .addLimits(EVIL)
                .addInputs(Input.newBuilder()
                        .setName(EVIL)
                        .setKind(InputKind.INPUT_KIND_TEXT)
                        .setDescription(EVIL))
                .setAnswer(Answer.newBuilder().addLabels(EVIL).addLabels("b"))
                .setEvaluation(ReportFixture.classes().manifest().getEvaluation().toBuilder()
                        .setSplit(EVIL)
                        .putMetrics(EVIL, 1)
                        .addWarnings(EVIL)
                        .addImportance(InputImportance.newBuilder().setInput(EVIL)))
                .build();
        Example example = new Example(Example.Kind.WRONG, 0, 1, 0.9, List.of(new Reason(EVIL, EVIL, 1, EVIL)));
        ReportContent content = new ReportContent(
                manifest,
                AnswerShape.of(
                        Task.MULTICLASS, List.of(EVIL, "b"), new double[] {0, 1}, new double[] {0.2, 0.8, 0.1, 0.9}),
                List.of(example),
                Optional.empty(),
                Map.of("judgement.json", bytes(judgement), "tree.txt", bytes(EVIL)));

        byte[] page = ModelReport.of(content);

        assertThat(elements(parsed(page))).extracting(Element::getTagName).doesNotContain("script");
        assertThat(new String(page, StandardCharsets.UTF_8))
                .doesNotContain("<script", "\" onload", "\u202e", "\u0007")
                .contains(
                        "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&#39; onload=&quot;x&quot; &amp;amp; ]]&gt; \ufffd");
    }

    @Test
    void staysSmallHoweverWideTheModel() {
        Manifest.Builder manifest = ReportFixture.manifest(Task.BINARY);
        for (int i = 0; i < 5000; i++) {
            manifest.addInputs(Input.newBuilder()
                    .setName("column_%04d_with_a_long_name".formatted(i).repeat(9)));
            manifest.getEvaluationBuilder()
                    .addImportance(InputImportance.newBuilder().setInput("column_" + i));
        }
        List<String> classes = java.util.stream.IntStream.range(0, 1000)
                .mapToObj(i -> "class " + i)
                .toList();
        double[] labels = new double[1000];
        double[] answers = new double[1_000_000];
        for (int row = 0; row < 1000; row++) {
            labels[row] = row;
            answers[row * 1000 + (row + row % 2) % 1000] = 1;
        }
        ReportContent content = new ReportContent(
                manifest.build(),
                AnswerShape.of(Task.MULTICLASS, classes, labels, answers),
                List.of(),
                Optional.empty(),
                Map.of());

        assertThat(ModelReport.of(content).length).isBetween(10_000, 200_000);
    }

    @Test
    void templatesTakeOneValuePerPlace() {
        assertThat(Html.html("<p title=\"{}\">{}</p>", "a \"b\"", List.of(new Html("<b/>"), "<"))
                        .text())
                .isEqualTo("<p title=\"a &quot;b&quot;\"><b/>&lt;</p>");
        assertThatThrownBy(() -> Html.html("{} {}", "a")).hasMessageContaining("1 values (expected: one per {})");
        assertThatThrownBy(() -> Html.html("{}", "a", "b")).hasMessageContaining("2 values");
        assertThatThrownBy(() -> Html.html("{}", 0.1)).hasMessageContaining("not formatted");
    }
}
