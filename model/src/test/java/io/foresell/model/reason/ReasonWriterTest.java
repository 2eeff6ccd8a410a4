package io.foresell.model.reason;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.manifest.Input;
import io.foresell.model.manifest.Manifest;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReasonWriterTest {
    private static final Signature SIGNATURE = Signature.of(List.of(
            InputField.text("contract"),
            InputField.number("charges"),
            InputField.sequence("orders", 8),
            InputField.number("age")));
    private static final Rows ROWS = new Rows(
            1, new float[] {70.35f, 9, 9, 3, 2, 1, 0, Float.NaN, 0, Float.NaN}, new String[] {"Month-to-month"});
    private static final double[] CONTRIBUTIONS = {0.8, -0.1, 0.5, 0};

    private static List<String> sentences(Manifest manifest, int count, Language language) {
        return new ReasonWriter(SIGNATURE, Answer.binary(), manifest)
                .strongest(ROWS, 0, CONTRIBUTIONS, count, language).stream()
                        .map(Reason::sentence)
                        .toList();
    }

    @Test
    void writesStrongestFirstInEnglish() {
        assertThat(sentences(Manifest.getDefaultInstance(), 10, Language.ENGLISH))
                .containsExactly(
                        "contract is Month-to-month: raises the score",
                        "orders, latest values 3, 2, 1, 0, ?, 0: raises the score",
                        "charges is 70.35: lowers the score");
        assertThat(sentences(Manifest.getDefaultInstance(), 1, Language.ENGLISH))
                .hasSize(1);
    }

    @Test
    void usesDescriptionAsWordingInChinese() {
        Manifest manifest = Manifest.newBuilder()
                .addInputs(Input.newBuilder().setName("contract").setDescription("合同类型。"))
                .build();
        assertThat(sentences(manifest, 3, Language.CHINESE))
                .containsExactly(
                        "合同类型为 Month-to-month：提高评分", "orders 最近的值为 3, 2, 1, 0, ?, 0：提高评分", "charges 为 70.35：降低评分");
    }

    @Test
    void saysWhatIsMissing() {
        Rows missing = new Rows(1, new float[10], new String[] {""});
        ReasonWriter writer = new ReasonWriter(SIGNATURE, Answer.binary(), Manifest.getDefaultInstance());
        double[] contributions = {-1, 0, 0, 0};
        assertThat(writer.strongest(missing, 0, contributions, 1, Language.ENGLISH))
                .containsExactly(new Reason("contract", "", -1, "contract is missing: lowers the score"));
        assertThat(writer.strongest(missing, 0, contributions, 1, Language.CHINESE)
                        .get(0)
                        .sentence())
                .isEqualTo("contract 缺失：降低评分");
    }

    private static String sentence(Answer answer, int target, double contribution, Language language, String meaning) {
        Manifest manifest = meaning.isEmpty()
                ? Manifest.getDefaultInstance()
                : Manifest.newBuilder().putMeaning(language.code(), meaning).build();
        return new ReasonWriter(SIGNATURE, answer, manifest)
                .strongest(ROWS, 0, new double[] {contribution, 0, 0, 0}, target, 1, language)
                .get(0)
                .sentence();
    }

    private static void assertEnglish(Answer answer, double contribution, String meaning, String expected) {
        int target = answer.labels().size() > 1 ? 1 : 0;
        assertThat(sentence(answer, target, contribution, Language.ENGLISH, meaning))
                .isEqualTo(expected);
    }

    private static void assertChinese(Answer answer, double contribution, String meaning, String expected) {
        int target = answer.labels().size() > 1 ? 1 : 0;
        assertThat(sentence(answer, target, contribution, Language.CHINESE, meaning))
                .isEqualTo(expected);
    }

    @Test
    void saysInEnglishWhatTheAnswerMeans() {
        Answer classes = Answer.multiclass(List.of("bronze", "gold"));
        Answer segments = Answer.clusters(List.of("loyal", "new"));
        Answer items = Answer.ranking(List.of("Tea", "Mug"));
        assertEnglish(Answer.binary(), 1, "risk of leaving", "contract is Month-to-month: raises the risk of leaving");
        assertEnglish(Answer.binary(), -1, "risk of leaving", "contract is Month-to-month: lowers the risk of leaving");
        assertEnglish(Answer.regression(), 12.345, "", "contract is Month-to-month: adds 12.3 to the forecast");
        assertEnglish(
                Answer.regression(), -20_345.6, "revenue", "contract is Month-to-month: takes 20346 off the revenue");
        assertEnglish(Answer.regression(), 2e-5, "", "contract is Month-to-month: adds 0.00002 to the forecast");
        assertEnglish(classes, 0.5, "", "contract is Month-to-month: speaks for class gold");
        assertEnglish(classes, -0.5, "tier", "contract is Month-to-month: speaks against tier gold");
        assertEnglish(segments, 0.5, "", "contract is Month-to-month: speaks for segment new");
        assertEnglish(items, 0.5, "", "Mug ranks higher because contract is Month-to-month");
        assertEnglish(items, -0.5, "", "Mug ranks lower because contract is Month-to-month");
    }

    @Test
    void saysInChineseWhatTheAnswerMeans() {
        Answer classes = Answer.multiclass(List.of("bronze", "黄金"));
        Answer segments = Answer.clusters(List.of("loyal", "新客"));
        Answer items = Answer.ranking(List.of("茶", "杯子"));
        assertChinese(Answer.binary(), 1, "流失风险", "contract 为 Month-to-month：提高流失风险");
        assertChinese(Answer.binary(), -1, "RFM 得分", "contract 为 Month-to-month：降低 RFM 得分");
        assertChinese(Answer.regression(), 12.345, "", "contract 为 Month-to-month：使预测值增加 12.3");
        assertChinese(Answer.regression(), -12, "GMV", "contract 为 Month-to-month：使 GMV 减少 12");
        assertChinese(classes, 0.5, "", "contract 为 Month-to-month：支持“黄金”类别");
        assertChinese(classes, -0.5, "等级", "contract 为 Month-to-month：不支持“黄金”等级");
        assertChinese(segments, 0.5, "", "contract 为 Month-to-month：支持归入“新客”客群");
        assertChinese(items, 0.5, "", "因为 contract 为 Month-to-month，“杯子”排名靠前");
        assertChinese(items, -0.5, "", "因为 contract 为 Month-to-month，“杯子”排名靠后");
    }

    @Test
    void aMeaningInAnotherLanguageIsNotMixedIn() {
        Manifest manifest =
                Manifest.newBuilder().putMeaning("en", "risk of leaving").build();
        assertThat(sentences(manifest, 1, Language.CHINESE)).containsExactly("contract 为 Month-to-month：提高评分");
        assertThat(sentences(manifest, 1, Language.ENGLISH))
                .containsExactly("contract is Month-to-month: raises the risk of leaving");
    }

    @Test
    void refusesUnknownLanguage() {
        assertThatThrownBy(() -> Language.ofCode("fr")).hasMessage("language: fr (expected: en or zh)");
    }
}
