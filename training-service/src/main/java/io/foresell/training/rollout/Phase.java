package io.foresell.training.rollout;

/** Where a rollout stands. */
public enum Phase {
    /** Accepted; its first release is about to be set. */
    PLANNED,
    /** The candidate scores copies. */
    SHADOW,
    /** The candidate answers a share of the subjects. */
    STEP,
    /** The candidate answers all; proof is awaited. */
    PROMOTING,
    /** The candidate took over, with proof. */
    PROMOTED,
    /** The release before is in force again. */
    ROLLED_BACK,
    /** Another rollout began after someone had set a release by hand. */
    SUPERSEDED;

    /** Says whether nothing more happens by itself. */
    public boolean isOver() {
        return this == PROMOTED || this == ROLLED_BACK || this == SUPERSEDED;
    }
}
