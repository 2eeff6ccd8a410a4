package io.foresell.training.fit.neural;

/** What is left of each channel of a sequence or an image. */
public enum GlobalPool {
    /** The greatest value. */
    MAX,
    /** The mean. */
    MEAN,
    /** The sum. */
    SUM,
    /** The last step; of a sequence only. */
    LAST
}
