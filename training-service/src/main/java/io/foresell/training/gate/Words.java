package io.foresell.training.gate;

import java.util.Locale;

/** Numbers as gates print them. */
final class Words {
    private Words() {}

    /** Returns a number with at most six significant digits. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }
}
