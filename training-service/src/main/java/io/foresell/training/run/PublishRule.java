package io.foresell.training.run;

/** Says which candidates become versions. */
public enum PublishRule {
    /** The one with the best metric. */
    BEST,
    /** All, the best one last. */
    ALL,
    /** None: judge only. */
    NONE
}
