package io.foresell.training.rollout.plan;

/** What is done without a person. */
public enum Reaction {
    /** Sets the release that was in force before the rollout. */
    ROLL_BACK,
    /** Leaves everything as it is until a person decides. */
    HOLD
}
