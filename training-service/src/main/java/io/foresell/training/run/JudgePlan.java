package io.foresell.training.run;

import io.foresell.training.check.LeakPolicy;
import io.foresell.training.evaluate.Capacity;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.evaluate.Payoff;
import io.foresell.training.evaluate.RankingPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How candidates are judged beyond the metric.
 *
 * @param payoff what acting is worth; null when nobody said
 * @param capacity how many rows people can act on; null when nobody said
 * @param leaks what to do about them
 * @param hasLearningCurve whether to fit on parts of the first fold too
 * @param leastClassRows least rows of the rarer class in each training part, of a regression of all rows
 * @param rankings within which groups rows are ranked; null when nobody said
 */
public record JudgePlan(
        @Nullable Payoff payoff,
        @Nullable Capacity capacity,
        LeakPolicy leaks,
        boolean hasLearningCurve,
        int leastClassRows,
        @Nullable RankingPlan rankings) {
    /** Is what a spec means that says nothing else. */
    public static final JudgePlan DEFAULT = new JudgePlan(null, null, LeakPolicy.DEFAULT, false, 10, null);

    /** Returns what is measured of the order within groups; nothing where none are declared. */
    public List<Metric> listMetrics() {
        return rankings == null ? List.of() : rankings.metrics();
    }
}
