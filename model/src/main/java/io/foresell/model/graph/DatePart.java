package io.foresell.model.graph;

/** A part of a time in UTC, numbered from 0. */
public enum DatePart {
    /** 0 to 23. */
    HOUR(24, 0),
    /** Monday is 0. */
    DAY_OF_WEEK(7, 0),
    /** The first day of a month is 0. */
    DAY_OF_MONTH(31, 1),
    /** January is 0. */
    MONTH(12, 1);

    private final int count;
    private final int first;

    DatePart(int count, int first) {
        this.count = count;
        this.first = first;
    }

    /** Returns how many there are. */
    public int count() {
        return count;
    }

    /** Returns what people call the first one. */
    int first() {
        return first;
    }
}
