package io.foresell.training.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;

/** Numbers, times and names as people read them; the same everywhere, whatever the language of the machine. */
final class Shown {
    static final String NOTHING = "–";
    /** Stands between a number and its unit, which no line break should part. */
    static final String GAP = "\u00a0";

    private static final int MAX_TEXT_LENGTH = 120;

    private Shown() {}

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Returns "7,043 rows" or "1 row". */
    static String count(long count, String noun) {
        return count(count) + " " + noun + (count == 1 ? "" : "s");
    }

    static String decimal(double value, int digits) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? NOTHING : value > 0 ? "∞" : "-∞";
        }
        String text = String.format(Locale.ROOT, "%,." + digits + "f", value);
        return isZero(text) ? text.replace("-", "") : text;
    }

    private static boolean isZero(String text) {
        return text.chars().noneMatch(c -> c >= '1' && c <= '9');
    }

    static String percent(double share, int digits) {
        return Double.isNaN(share) ? NOTHING : decimal(100 * share, digits) + GAP + "%";
    }

    /** A chance is never shown as certain. */
    static String chance(double probability) {
        if (Double.isNaN(probability)) {
            return NOTHING;
        }
        if (probability < 0.005) {
            return "<" + GAP + "1" + GAP + "%";
        }
        return probability >= 0.995 ? ">" + GAP + "99" + GAP + "%" : percent(probability, 0);
    }

    /** Returns four significant digits, whole from 1000 on, very large and very small ones with a power of ten. */
    static String number(double value) {
        double size = Math.abs(value);
        if (!Double.isFinite(value) || value == 0) {
            return decimal(value, 0);
        }
        if (size >= 1e9 || size < 1e-4) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        if (size >= 1000) {
            return decimal(value, 0);
        }
        return BigDecimal.valueOf(value)
                .round(new MathContext(4, RoundingMode.HALF_EVEN))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** Returns how many decimals write a column of numbers alike, four digits of the greatest one. */
    static int digitsFor(double greatest) {
        return greatest > 0 && Double.isFinite(greatest)
                ? (int) Math.max(0, Math.min(8, 3 - Math.floor(Math.log10(greatest))))
                : 0;
    }

    static String signed(double value) {
        return (value > 0 ? "+" : "") + number(value);
    }

    /** Returns a length in a drawing. */
    static String length(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    static String day(long millis) {
        return Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalDate().toString();
    }

    /** Returns a name of ours in words: "logistic regression". */
    static String words(String name) {
        return name.replace('_', ' ');
    }

    static String capitalized(String words) {
        return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** Returns a text of unknown length, cut. */
    static String cut(String text) {
        return text.codePointCount(0, text.length()) <= MAX_TEXT_LENGTH
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_TEXT_LENGTH)) + "…";
    }
}
