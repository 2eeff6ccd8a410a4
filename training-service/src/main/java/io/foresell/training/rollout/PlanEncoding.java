package io.foresell.training.rollout;

import io.foresell.training.rollout.plan.RolloutPlan;

/** How plans are kept; the edge's own. */
public interface PlanEncoding {
    byte[] write(RolloutPlan plan);

    /** Reads what {@link #write} wrote. */
    RolloutPlan read(byte[] bytes);
}
