package io.foresell.training.evaluate;

import io.foresell.model.reason.Reason;
import java.util.List;

/**
 * One row to learn from, with the reasons for its answer. Says nothing of whose row it is.
 *
 * @param truth 1 or 0, the index of the class, or the value; 0 without labels
 * @param target index of the label answered; 0 when there are none
 * @param answer the answer, or its float for {@code target}
 * @param reasons strongest first
 */
public record Example(Kind kind, double truth, int target, double answer, List<Reason> reasons) {
    public Example {
        reasons = List.copyOf(reasons);
    }

    /** What makes a row worth showing. */
    public enum Kind {
        /** A positive row with a high score. */
        FOUND,
        /** A negative row with a low score. */
        SPARED,
        /** A negative row with a high score. */
        FALSE_ALARM,
        /** A positive row with a low score. */
        MISSED,
        /** The right class, surely; or a value answered closely. */
        RIGHT,
        /** Another class, surely. */
        WRONG,
        /** A value answered far too high. */
        TOO_HIGH,
        /** A value answered far too low. */
        TOO_LOW,
        /** A row in the middle of its cluster. */
        TYPICAL
    }
}
