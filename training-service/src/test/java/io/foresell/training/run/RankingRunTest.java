package io.foresell.training.run;

import static io.foresell.training.run.RunFixture.FEW_TREES;
import static io.foresell.training.run.RunFixture.THREE_FOLDS;
import static io.foresell.training.run.RunFixture.customers;
import static io.foresell.training.run.RunFixture.file;
import static io.foresell.training.run.RunFixture.report;
import static io.foresell.training.run.RunFixture.run;
import static io.foresell.training.run.RunFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.training.check.LeakPolicy;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.evaluate.Judged;
import io.foresell.training.evaluate.JudgementJson;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.evaluate.RankingPlan;
import io.foresell.training.fit.linear.LogisticRegression;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RankingRunTest {
    /** Leads of ten weeks: each week's list is ordered far better than at random, and candidates are ranked by that order. */
    @Test
    void ranksWithinWeeksAndByTheirOrder() throws IOException {
        RankingPlan weeks = new RankingPlan(RankingPlan.Within.WEEK, null, List.of(3, 1), 0);
        TrainingSpec spec = ranked(new SplitPlan.Time(0.5, 0), Metric.ranking("ndcg_3"), weeks);

        List<CandidateOutcome> outcomes = run(spec, customers(300), new ArrayList<>());

        Evaluation best = outcomes.stream()
                .filter(CandidateOutcome::isBest)
                .findFirst()
                .orElseThrow()
                .evaluation();
        assertThat(best.metrics())
                .containsKeys("ndcg_1", "ndcg_3", "map_3", "mrr", "precision_3", "recall_3", "hit_rate_1", "roc_auc");
        assertThat(best.metrics().get("ndcg_3"))
                .isGreaterThan(best.baselineMetrics().get("ndcg_3") + 0.2)
                .isEqualTo(outcomes.stream()
                        .mapToDouble(each -> each.evaluation().metric(Metric.ranking("ndcg_3")))
                        .max()
                        .orElseThrow());
        assertThat(best.metricIntervals().get("ndcg_3").low())
                .isLessThan(best.metrics().get("ndcg_3"));
        assertThat(best.comparisons())
                .allMatch(comparison -> comparison.metric().equals("ndcg_3"));
        assertThat(best.warnings())
                .anyMatch(warning ->
                        warning.matches("Rows were ranked within each week: \\d+ of \\d+ lists were judged.*"));
        CandidateOutcome published = outcomes.stream()
                .filter(outcome -> outcome.packageBytes().isPresent())
                .findFirst()
                .orElseThrow();
        Judged.Rankings rankings =
                JudgementJson.read(file(published, "source/judgement.json")).rankings();
        assertThat(rankings.within()).isEqualTo("week");
        assertThat(rankings.cutOffs()).containsExactly(1, 3);
        assertThat(rankings.cutGroupCount()).isZero();
        assertThat(rankings.judgedListCount() + rankings.oneRowListCount() + rankings.listsWithoutRelevantCount())
                .isEqualTo(rankings.listCount());
        assertThat(report(published)).contains("Order within each week", "NDCG, top 3", "Mean reciprocal rank");
    }

    @Test
    void saysThatASplitCutsGroups() {
        RankingPlan plans = new RankingPlan(RankingPlan.Within.COLUMN, "plan", List.of(), 0);

        Evaluation evaluation = run(ranked(THREE_FOLDS, null, plans), customers(200), new ArrayList<>())
                .get(0)
                .evaluation();

        assertThat(evaluation.metrics()).containsKeys("ndcg_10", "map_10");
        assertThat(evaluation.metricStandardDeviations()).containsKey("ndcg_10");
        assertThat(evaluation.warnings())
                .anyMatch(warning ->
                        warning.contains("rows are in none; 2 of 2 groups have rows in several judged parts"));
    }

    private static TrainingSpec ranked(SplitPlan split, @Nullable Metric metric, RankingPlan rankings) {
        TrainingSpec base = spec(split, PublishRule.BEST, LogisticRegression.DEFAULT, FEW_TREES);
        return new TrainingSpec(
                base.model(),
                base.query(),
                base.candidates(),
                base.preparation(),
                split,
                metric,
                42,
                base.publish(),
                base.description(),
                base.meaning(),
                new JudgePlan(null, null, LeakPolicy.DEFAULT, true, 10, rankings));
    }
}
