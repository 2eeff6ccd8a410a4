package io.foresell.training.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PlanTextTest {
    @Test
    void saysWhatIsAskedForAndNothingElse() {
        NumberPlan number = new NumberPlan(new Fill(Fill.Rule.MEDIAN, 0), true, null, true, Scale.FAMILY, null);

        assertThat(PlanText.of(number)).isEqualTo("fill median, indicates missing, logarithmic");
        assertThat(PlanText.of(NumberPlan.FAMILY)).isEmpty();
        assertThat(PlanText.of(new LeftOut())).isEqualTo("left out");
    }

    @Test
    void aPreparationIsReadableInProvenance() {
        Preparation preparation = new Preparation(
                RowRules.NONE,
                List.of(
                        new ColumnRule(List.of("age", "spend"), NumberPlan.FAMILY),
                        new ColumnRule(List.of("note"), new LeftOut())),
                List.of(new Interaction("age", "spend")),
                List.of(new Selection(Selection.Rule.COMPONENTS, 6, Double.NaN)));

        assertThat(preparation.asText())
                .contains(
                        entry("prepare.columns", "age, spend: ; note: left out"),
                        entry("prepare.interactions", "age * spend"))
                .hasEntrySatisfying("prepare.selections", text -> assertThat(text)
                        .startsWith("components, ")
                        .contains("6")
                        .doesNotContain("NaN", "["));
    }
}
