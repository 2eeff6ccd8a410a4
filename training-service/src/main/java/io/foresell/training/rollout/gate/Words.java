package io.foresell.training.rollout.gate;

import java.util.Locale;

/** Numbers as gates print them. */
final class Words {
    private Words() {}

    /** Returns a share in percent. */
    static String share(double share) {
        double percent = share * 100 + 0.0;
        return String.format(Locale.ROOT, Math.abs(percent) < 10 ? "%.2f %%" : "%.1f %%", percent);
    }

    /** Returns a number with at most four significant digits. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value + 0.0);
    }

    /** Returns a difference with its sign. */
    static String difference(double value) {
        return String.format(Locale.ROOT, "%+.4f", value + 0.0);
    }

    static String millis(double seconds) {
        return Double.isFinite(seconds) ? String.format(Locale.ROOT, "%.3g ms", seconds * 1_000) : "unknown";
    }
}
