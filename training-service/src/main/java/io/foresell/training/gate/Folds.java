package io.foresell.training.gate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many folds a judgement has, from the words that describe its split. */
final class Folds {
    private static final Pattern K = Pattern.compile("\\bk=(\\d{1,4})");

    private Folds() {}

    /** Returns the number of folds; NaN for a split without. */
    static double countOf(String split) {
        Matcher k = K.matcher(split);
        return k.find() ? Integer.parseInt(k.group(1)) : Double.NaN;
    }
}
