package io.foresell.training.prepare;

/** What a family of algorithms needs where a plan says nothing. */
public enum Family {
    /** Numbers standardised, missing as the mean; every step of a sequence a number of its own. */
    STANDARDIZED_FLAT(true, true),
    /** Numbers as they are, missing kept; every step of a sequence a number of its own. */
    RAW_FLAT(false, true),
    /** Numbers as in {@link #STANDARDIZED_FLAT}; sequences apart, each standardised as a whole. */
    SEQUENTIAL(true, false);

    private final boolean isStandardized;
    private final boolean isFlat;

    Family(boolean isStandardized, boolean isFlat) {
        this.isStandardized = isStandardized;
        this.isFlat = isFlat;
    }

    boolean isStandardized() {
        return isStandardized;
    }

    boolean isFlat() {
        return isFlat;
    }
}
