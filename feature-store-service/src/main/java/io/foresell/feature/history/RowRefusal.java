package io.foresell.feature.history;

/**
 * Why a view refuses a row.
 *
 * @param column the column at fault; empty when the whole row is
 * @param reason the cause in UPPER_SNAKE
 * @param message value and expectation
 */
public record RowRefusal(String column, String reason, String message) {
    private static final int MAX_SHOWN = 80;

    /** Returns a refusal whose message is {@code column: 'value' (expected: expected)}. */
    public static RowRefusal of(String column, String reason, String value, String expected) {
        String shown = value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN - 3) + "...";
        return new RowRefusal(column, reason, "%s: '%s' (expected: %s)".formatted(column, shown, expected));
    }
}
