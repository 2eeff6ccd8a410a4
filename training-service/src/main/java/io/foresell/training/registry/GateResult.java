package io.foresell.training.registry;

/**
 * The outcome of one gate that the training of a version declared.
 *
 * @param gate names it, e.g. {@code champion roc_auc}
 * @param value what was measured, in words
 * @param expectation what was asked for, in words
 */
public record GateResult(String gate, boolean isHeld, String value, String expectation) {
    /** Returns the result in one line: {@code champion roc_auc: 0.81 (expected: above 0.82)}. */
    public String sentence() {
        return "%s: %s (expected: %s)".formatted(gate, value, expectation);
    }
}
