package io.foresell.training.rollout.observe;

import java.util.List;

/** The replicas of inference there are. */
public interface Replicas {
    /**
     * Asks every replica, each within a deadline of a few seconds.
     *
     * @param revision the release whose counts are wanted
     * @return one report a replica, also of those that do not answer; empty when it is unknown which there are
     */
    List<ReplicaReport> ask(String model, int champion, int candidate, int revision);
}
