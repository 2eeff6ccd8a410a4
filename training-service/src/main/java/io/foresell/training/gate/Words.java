package io.foresell.training.gate;

import java.util.Locale;

/** Numbers as gates print them. */
final class Words {
    private Words() {}

    /** Returns a number with at most six significant digits. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value + 0.0); // no minus zero
    }

    /** Returns a difference with its sign and at most four significant digits. */
    static String lead(double value) {
        return String.format(Locale.ROOT, "%+.4g", value + 0.0);
    }
}
