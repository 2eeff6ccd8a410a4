package io.foresell.training.rollout.plan;

import java.util.List;

/**
 * How a version takes over. Immutable.
 *
 * @param candidate the version to bring into service
 * @param stages in order; the last one, and no other, is the promotion
 * @param holdOut share of subjects in percent that stays with the champion until the promotion; 0 keeps what the release has
 * @param onFailure what happens when a gate fails
 * @param onTimeout what happens when a stage is not passed in time
 * @param alpha probability, at most, that chance fails a harmless candidate, over all gates, stages and looks
 */
public record RolloutPlan(
        String model,
        int candidate,
        List<Stage> stages,
        int holdOut,
        Limits limits,
        Reaction onFailure,
        Reaction onTimeout,
        double alpha) {
    public RolloutPlan {
        stages = List.copyOf(stages);
        if (stages.isEmpty() || stages.get(stages.size() - 1).kind() != Stage.Kind.PROMOTION) {
            throw new IllegalArgumentException(
                    "stages: %s (expected: the last one is the promotion)".formatted(stages));
        }
    }

    /** Returns the share of {@link #alpha} that one gate may spend in one stage. */
    public double alphaOfGate() {
        return alpha / (Math.max(1, limits.count()) * Math.max(1, stages.size() - 1));
    }

    /** Says whether a stage is the last one before the promotion. */
    public boolean isLastBeforePromotion(int stage) {
        return stage == stages.size() - 2;
    }
}
