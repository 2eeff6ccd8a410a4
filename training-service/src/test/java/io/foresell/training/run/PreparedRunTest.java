package io.foresell.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.foresell.kit.ServiceException;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.pack.ModelPackage;
import io.foresell.training.calibrate.CalibrationPlan;
import io.foresell.training.dataset.PlannedRows;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetQuery;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.linear.LogisticRegression;
import io.foresell.training.fit.tree.BoostedTrees;
import io.foresell.training.prepare.ColumnRule;
import io.foresell.training.prepare.Fill;
import io.foresell.training.prepare.NumberPlan;
import io.foresell.training.prepare.Preparation;
import io.foresell.training.prepare.RowRules;
import io.foresell.training.prepare.Scale;
import io.foresell.training.prepare.TextPlan;
import io.foresell.training.prepare.TextRule;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Plans from spec to package. */
final class PreparedRunTest {
    private static final BoostedTrees FEW_TREES = new BoostedTrees(10, 0.3, 3, 0, 1, 1, 1, 1);

    private static List<CandidateOutcome> run(TrainingSet set, Preparation ofAll, @Nullable Preparation ofTrees) {
        TrainingSpec spec = new TrainingSpec(
                "churn",
                new TrainingSetQuery("shop", "left", null, 0, 0),
                List.of(
                        new CandidateSpec("", LogisticRegression.DEFAULT, ClassWeights.EQUAL),
                        new CandidateSpec("", FEW_TREES, ClassWeights.EQUAL, CalibrationPlan.NONE, ofTrees, null)),
                ofAll,
                new SplitPlan.KFold(3, SplitPlan.FoldBy.ROW_INDEX),
                null,
                42,
                PublishRule.ALL,
                "",
                Map.of());
        return new TrainingRun(1).run(spec, (query, listener, cancelled) -> set, progress -> {}, () -> false);
    }

    private static ColumnRule text(TextRule rule) {
        return new ColumnRule(List.of("shop"), new TextPlan(rule, false, false));
    }

    private static Preparation plan(ColumnRule... rules) {
        return new Preparation(
                new RowRules(List.of("visits"), RowRules.Duplicates.KEEP), List.of(rules), List.of(), List.of());
    }

    /** Some shops are bad; there are {@code shopCount} of them over 3 rows for each. */
    private static TrainingSet shops(int shopCount) {
        int rowCount = 3 * shopCount;
        Random random = new Random(3);
        int[] shops = random.ints(rowCount, 0, shopCount).toArray();
        return PlannedRows.of(rowCount)
                .number("visits", PlannedRows.numbers(rowCount, i -> i % 50 == 0 ? Double.NaN : random.nextInt(9)))
                .text("shop", PlannedRows.texts(rowCount, i -> i < shopCount ? "shop" + i : "shop" + shops[i]))
                .labelled(PlannedRows.numbers(
                        rowCount,
                        i -> random.nextDouble() < ((i < shopCount ? i : shops[i]) % 3 == 0 ? 0.9 : 0.2) ? 1 : 0));
    }

    @Test
    void whatWasTouchedIsKeptWithJudgementAndPackage() {
        ColumnRule filled = new ColumnRule(
                List.of("visits"),
                new NumberPlan(new Fill(Fill.Rule.MEDIAN, 0), false, null, false, Scale.FAMILY, null));
        CandidateOutcome outcome = run(shops(100), plan(text(new TextRule.Target(5, 5)), filled), Preparation.NONE)
                .get(0);
        // Two of three folds hold each row: 6 rows without visits are met twice.
        assertThat(outcome.evaluation().warnings())
                .contains(
                        "Preparation left out rows without visits: 12 of 600 training rows in 3 folds together.",
                        "Preparation filled visits with the median: 0 of 588 training values in 3 folds together.");
        Manifest manifest =
                ModelPackage.read(outcome.packageBytes().orElseThrow()).manifest();
        Map<String, String> parameters = manifest.getProvenance().getParametersMap();
        assertThat(parameters.get("prepare.touched"))
                .contains("Preparation left out rows without visits: 6 of 300 training rows.");
        assertThat(parameters.get("prepare.columns")).contains("shop: target, smoothing 5.0");
        assertThat(manifest.getProvenance().getRowCount()).isEqualTo(294);
    }

    @Test
    void aCandidateMayBePreparedInItsOwnWay() {
        List<CandidateOutcome> outcomes =
                run(shops(100), plan(text(new TextRule.Target(5, 5))), plan(text(new TextRule.Hashed(16))));
        assertThat(provenance(outcomes.get(0)).get("prepare.columns")).contains("shop: target");
        assertThat(provenance(outcomes.get(1)).get("prepare.columns")).contains("shop: hashed, bucket count 16");
    }

    private static Map<String, String> provenance(CandidateOutcome outcome) {
        return ModelPackage.read(outcome.packageBytes().orElseThrow())
                .manifest()
                .getProvenance()
                .getParametersMap();
    }

    @Test
    void tenThousandCategoriesAreReadOrClearlyRefused() {
        TrainingSet set = shops(10_000);
        ServiceException refused = catchThrowableOfType(ServiceException.class, () -> run(set, Preparation.NONE, null));
        assertThat(refused.failure().reason()).isEqualTo("TOO_MANY_CATEGORIES");
        assertThat(refused.failure().message()).contains("different texts in shop: 10000", "target, hash");
        for (TextRule rule : List.of(new TextRule.Target(10, 5), new TextRule.Hashed(64), new TextRule.OneHot(1, 50))) {
            List<CandidateOutcome> outcomes = run(set, plan(text(rule)), null);
            assertThat(outcomes).allMatch(outcome -> outcome.packageBytes().isPresent());
            if (rule instanceof TextRule.Target) {
                assertThat(outcomes)
                        .allMatch(outcome -> outcome.evaluation().metrics().get("roc_auc") > 0.65);
            }
        }
    }
}
