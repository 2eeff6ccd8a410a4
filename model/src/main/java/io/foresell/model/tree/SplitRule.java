package io.foresell.model.tree;

/** How a node compares a value with its threshold to find out whether the row goes to the true child. */
public enum SplitRule {
    AT_MOST,
    BELOW,
    AT_LEAST,
    ABOVE,
    EQUAL,
    NOT_EQUAL;

    /** Returns whether the rule is the opposite of AT_MOST, BELOW or EQUAL, so that the children change places. */
    boolean isOpposite() {
        return this == AT_LEAST || this == ABOVE || this == NOT_EQUAL;
    }

    boolean isEquality() {
        return this == EQUAL || this == NOT_EQUAL;
    }

    /** Returns whether a value at the threshold counts as below it: "at most t" is "below the next float after t". */
    boolean isThresholdBelow() {
        return this == AT_MOST || this == ABOVE;
    }
}
