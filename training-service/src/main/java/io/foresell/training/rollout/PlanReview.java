package io.foresell.training.rollout;

import io.foresell.training.rollout.plan.RolloutPlan;
import java.util.List;

/**
 * What a plan would do, and whether it can.
 *
 * @param champion the version that serves now; 0 when none does
 * @param digest of the candidate's package; empty when there is none
 * @param revision of the release in force; 0 when there is none
 * @param findings blocking ones first
 * @param stages in the plan's order
 */
public record PlanReview(
        RolloutPlan plan,
        int champion,
        String digest,
        int revision,
        List<Finding> findings,
        List<StageForecast> stages) {
    /**
     * About how long a stage takes.
     *
     * @param expectedSeconds at the present traffic; NaN without any
     */
    public record StageForecast(String title, double expectedSeconds) {}

    public PlanReview {
        findings = List.copyOf(findings);
        stages = List.copyOf(stages);
    }

    public boolean isFeasible() {
        return findings.stream().noneMatch(Finding::isBlocking);
    }
}
