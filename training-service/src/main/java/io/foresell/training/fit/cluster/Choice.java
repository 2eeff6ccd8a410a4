package io.foresell.training.fit.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What several tries of one fit have in common. */
final class Choice {
    private Choice() {}

    /** Returns a seed of its own for a restart (the finaliser of splitmix64). */
    static long seed(long seed, int k, int restart) {
        long mixed = seed * 0x9e3779b97f4a7c15L + k * 1_000_003L + restart;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** Says which number of clusters was chosen, and why. */
    static String sentence(int[] tried, double[] measures, int best, String rule) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < tried.length; i++) {
            all.add(String.format(Locale.ROOT, "%d: %s", tried[i], shown(measures[i])));
        }
        return "%d clusters chosen of %d to %d: the %s (%s)."
                .formatted(tried[best], tried[0], tried[tried.length - 1], rule, String.join(", ", all));
    }

    private static String shown(double measure) {
        return String.format(Locale.ROOT, Math.abs(measure) < 10 ? "%.4f" : "%.1f", measure);
    }
}
