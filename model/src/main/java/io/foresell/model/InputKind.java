package io.foresell.model;

/** Kind of the values of an input. */
public enum InputKind {
    /** Floats; NaN is missing. */
    NUMBER,
    /** Texts; the empty text is missing. */
    TEXT
}
