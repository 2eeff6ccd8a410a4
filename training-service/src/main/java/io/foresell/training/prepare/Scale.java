package io.foresell.training.prepare;

/** Where the zero and the unit of an encoded number lie. */
public enum Scale {
    /** Leaves it to the family: trees read numbers as they are, others standardised. */
    FAMILY,
    /** The mean and the standard deviation of the fold. */
    STANDARD,
    /** The least value of the fold is 0, the greatest 1. */
    MIN_MAX,
    /** The median of the fold and the range of its quartiles. */
    ROBUST,
    /** The number as it is. */
    NONE
}
