package io.foresell.training.rollout;

/**
 * A change of the release that is intended and may or may not have been made.
 *
 * @param number counts the changes of the rollout from 1
 * @param target index of the stage, or {@link #ROLL_BACK}
 * @param expectedRevision the release that it replaces; another one in force means that someone else came first
 */
record Pending(int number, int target, int expectedRevision, String actor, String reason) {
    /** Stands for the release before the rollout. */
    static final int ROLL_BACK = -1;

    boolean isRollBack() {
        return target == ROLL_BACK;
    }
}
