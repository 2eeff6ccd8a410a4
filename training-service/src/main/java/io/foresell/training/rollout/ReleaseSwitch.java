package io.foresell.training.rollout;

import java.util.OptionalInt;

/** Sets the releases of a rollout. */
interface ReleaseSwitch {
    /** Who set a release and why. */
    record Setting(int revision, String actor, String reason) {}

    /** Returns the release in force; revision 0 when there is none. */
    Setting current(String model);

    /** Returns the release after {@code revision} whose reason begins with the tag; empty when there is none. */
    OptionalInt find(String model, String tag, int revision);

    /**
     * Sets the release of a pending change.
     *
     * @param tag begins the reason
     * @return its revision
     * @throws io.foresell.kit.ServiceException ABORTED when another release is in force than the change expects, FAILED_PRECONDITION when the
     *     registry refuses it
     */
    int set(Rollout rollout, Pending change, String tag);
}
