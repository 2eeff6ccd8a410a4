package io.foresell.training.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.ServiceException;
import io.foresell.training.dataset.BankMarketing;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.TelcoChurn;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.Judged.Leak;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LeaksTest {
    private static List<Leak> find(TrainingSet set, SplitPlan plan, String... accepted) {
        return Leaks.find(
                set, Splitter.split(set, plan, 1), plan, new LeakPolicy(false, true, Set.of(accepted)), () -> false);
    }

    private static List<Leak> find(TrainingSet set) {
        return find(set, SplitPlan.DEFAULT);
    }

    @Test
    void honestRowsRaiseNoAlarm() throws Exception {
        assertThat(find(PlantedLeaks.honest(2000).with())).isEmpty();
        assertThat(find(TelcoChurn.read())).isEmpty();
    }

    /** Its area is .81 alone: far from deciding the label, yet more than all others together have. */
    @Test
    void catchesTheLengthOfTheCallThatSold() throws Exception {
        assertThat(find(BankMarketing.read(false))).isEmpty();
        assertThat(find(BankMarketing.read(true))).singleElement().satisfies(leak -> {
            assertThat(leak.kind()).isEqualTo("dominant_column");
            assertThat(leak.column()).isEqualTo("duration");
            assertThat(leak.severity()).isEqualTo(Leaks.SUSPICION);
            assertThat(leak.sentence()).startsWith("Feature duration alone knows more of the label than all 15 others");
        });
    }

    @Test
    void catchesTheLabelUnderOtherNames() {
        PlantedLeaks planted = PlantedLeaks.honest(2000);
        List<Leak> leaks = find(planted.with(
                planted.numbers("copy", -7, 0), planted.numbers("nearly", 1, 0.1), planted.numbers("outcome", 2.2, 1)));

        assertThat(leaks)
                .extracting(leak -> leak.kind() + " " + leak.column() + " " + leak.severity())
                .containsExactly(
                        "label_copy copy proof", "single_column nearly suspicion", "dominant_column outcome suspicion");
    }

    @Test
    void catchesTheWordThatSaysTheLabel() {
        PlantedLeaks planted = PlantedLeaks.honest(400);
        List<String> notes = List.of("asked for the price", "has cancelled his plan", "has called about his plan");
        int[] codes = IntStream.range(0, 400)
                .map(row -> planted.label(row) == 1 ? (row % 40 == 0 ? 0 : 1) : row % 2 * 2)
                .toArray();

        assertThat(find(planted.with(new RowBlock.Texts("note", notes, codes))))
                .extracting(Leak::column)
                .contains("note");
    }

    @Test
    void refusesRowsCopiedOrMixedBeforeTheSplit() {
        List<Leak> copied = find(PlantedLeaks.honest(1000).oversampled().with());
        List<Leak> mixed = find(PlantedLeaks.honest(1000).mixed().with());

        assertThat(copied).singleElement().satisfies(leak -> {
            assertThat(leak.kind()).isEqualTo("resampled_rows");
            assertThat(leak.severity()).isEqualTo(Leaks.PROOF);
            assertThat(leak.sentence()).startsWith("Rows of class positive were copied before the split");
        });
        assertThat(mixed).singleElement().satisfies(leak -> {
            assertThat(leak.kind()).isEqualTo("interpolated_rows");
            assertThat(leak.severity()).isEqualTo(Leaks.PROOF);
        });
    }

    @Test
    void noticesRowsAndEntitiesOnBothSides() {
        assertThat(find(PlantedLeaks.honest(1000).doubled().with()))
                .extracting(Leak::kind)
                .containsExactly("duplicated_rows");
        TrainingSet fewEntities = PlantedLeaks.honest(999).ofFewEntities().with();
        assertThat(find(fewEntities)).extracting(Leak::kind).containsExactly("entity_on_both_sides");
        assertThat(find(fewEntities, new SplitPlan.KFold(5, SplitPlan.FoldBy.ENTITY)))
                .isEmpty();
    }

    @Test
    void refusesProofUnlessItIsAccepted() {
        PlantedLeaks planted = PlantedLeaks.honest(2000);
        TrainingSet set = planted.with(planted.numbers("copy", 1, 0));

        assertThatThrownBy(() -> LeakPolicy.DEFAULT.require(find(set)))
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        e -> assertThat(e.failure().reason()).isEqualTo("LEAK_SUSPECTED"))
                .hasMessageContaining("name copy in judge.accept_leaks");
        assertThatCode(() -> LeakPolicy.DEFAULT.require(find(set, SplitPlan.DEFAULT, "copy")))
                .doesNotThrowAnyException();
        assertThat(find(set, SplitPlan.DEFAULT, "copy")).allMatch(Leak::isAccepted);
        assertThatCode(() -> new LeakPolicy(false, false, Set.of()).require(find(set)))
                .doesNotThrowAnyException();
    }
}
