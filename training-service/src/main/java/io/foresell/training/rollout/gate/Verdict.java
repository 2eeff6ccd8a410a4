package io.foresell.training.rollout.gate;

/** What a gate answers. */
public enum Verdict {
    /** Lets the rollout go on. */
    PASS,
    /** Cannot tell yet. */
    WAIT,
    /** Has proof that something is wrong. */
    FAIL
}
