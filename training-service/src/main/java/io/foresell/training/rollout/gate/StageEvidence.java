package io.foresell.training.rollout.gate;

import io.foresell.training.rollout.observe.Outcomes;
import io.foresell.training.rollout.observe.WindowCounts;
import io.foresell.training.rollout.plan.RolloutPlan;
import io.foresell.training.rollout.plan.Stage;
import io.foresell.training.rollout.sequential.OutcomeBlocks;

/**
 * What is known in a stage.
 *
 * @param stageIndex of the stage in the plan
 * @param counts of the stage, over all replicas
 * @param blocks outcomes of the stage scaled to [0, 1], more being better
 * @param outcomes what the prediction log said last of the outcome
 * @param labels what the prediction log said last of the label
 */
public record StageEvidence(
        RolloutPlan plan,
        int stageIndex,
        WindowCounts counts,
        OutcomeBlocks blocks,
        Outcomes.Answer outcomes,
        Outcomes.Answer labels) {
    Stage stage() {
        return plan.stages().get(stageIndex);
    }

    boolean isShadow() {
        return stage().kind() == Stage.Kind.SHADOW;
    }

    double alpha() {
        return plan.alphaOfGate();
    }
}
