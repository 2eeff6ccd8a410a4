package io.foresell.model.reason;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        return new ReasonWriter(SIGNATURE, manifest)
                .strongest(ROWS, 0, CONTRIBUTIONS, count, language).stream()
                        .map(Reason::sentence)
                        .toList();
    }

    @Test
    void writesStrongestFirstInEnglish() {
        assertThat(sentences(Manifest.getDefaultInstance(), 10, Language.ENGLISH))
                .containsExactly(
                        "contract is Month-to-month: raises the risk",
                        "orders, latest values 3, 2, 1, 0, ?, 0: raises the risk",
                        "charges is 70.35: lowers the risk");
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
                        "合同类型为 Month-to-month：提高风险", "orders 最近的值为 3, 2, 1, 0, ?, 0：提高风险", "charges 为 70.35：降低风险");
    }

    @Test
    void saysWhatIsMissing() {
        Rows missing = new Rows(1, new float[10], new String[] {""});
        ReasonWriter writer = new ReasonWriter(SIGNATURE, Manifest.getDefaultInstance());
        double[] contributions = {-1, 0, 0, 0};
        assertThat(writer.strongest(missing, 0, contributions, 1, Language.ENGLISH))
                .containsExactly(new Reason("contract", "", -1, "contract is missing: lowers the risk"));
        assertThat(writer.strongest(missing, 0, contributions, 1, Language.CHINESE)
                        .get(0)
                        .sentence())
                .isEqualTo("contract 缺失：降低风险");
    }

    @Test
    void refusesUnknownLanguage() {
        assertThatThrownBy(() -> Language.ofCode("fr")).hasMessage("language: fr (expected: en or zh)");
    }
}
