package io.foresell.feature.define;

/** How the events of a window become one number. */
public enum AggregateFunction {
    UNSPECIFIED,
    COUNT,
    SUM,
    MEAN,
    MIN,
    MAX,
    DISTINCT,
    RECENCY_DAYS,
    TENURE_DAYS,
    MEAN_GAP_DAYS;

    /** Returns whether the function reads a column; the others take one to skip events that miss it. */
    public boolean needsColumn() {
        return switch (this) {
            case COUNT, RECENCY_DAYS, TENURE_DAYS, MEAN_GAP_DAYS -> false;
            case UNSPECIFIED, SUM, MEAN, MIN, MAX, DISTINCT -> true;
        };
    }

    /** Returns whether the column must hold numbers. */
    public boolean needsNumbers() {
        return this == SUM || this == MEAN || this == MIN || this == MAX;
    }
}
