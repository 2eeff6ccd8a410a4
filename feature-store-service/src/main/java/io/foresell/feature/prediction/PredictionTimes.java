package io.foresell.feature.prediction;

/** The instant in a prediction id: its first ten characters are 48 bits of milliseconds in Crockford's base 32, as in a ULID. */
public final class PredictionTimes {
    /** Length of every id. */
    public static final int ID_LENGTH = 26;

    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int TIME_LENGTH = 10;
    private static final long MAX_MILLIS = (1L << 48) - 1;

    private PredictionTimes() {}

    /** Returns whether a text is a prediction id. */
    public static boolean isId(String text) {
        // 26 digits hold 130 bits; the first two of 128 are zero.
        return text.length() == ID_LENGTH
                && text.charAt(0) <= '7'
                && text.chars().allMatch(character -> DIGITS.indexOf(character) >= 0);
    }

    /** Returns the instant of an id, milliseconds since the epoch. */
    public static long millisOf(String id) {
        long millis = 0;
        for (int i = 0; i < TIME_LENGTH; i++) {
            millis = millis << 5 | DIGITS.indexOf(id.charAt(i));
        }
        return millis;
    }

    /** Returns the least id of an instant: ids before it are all less. */
    public static String leastIdAt(long epochMillis) {
        long millis = Math.max(0, Math.min(MAX_MILLIS, epochMillis));
        char[] id = "0".repeat(ID_LENGTH).toCharArray();
        for (int i = TIME_LENGTH - 1; i >= 0; i--) {
            id[i] = DIGITS.charAt((int) (millis & 31));
            millis >>>= 5;
        }
        return new String(id);
    }
}
