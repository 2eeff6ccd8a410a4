package io.foresell.inference.measure;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A uniform sample of pairs of scores: every row of the window is in it with the same chance (Vitter 1985, algorithm R). Two
 * arrays of {@value #MAX_PAIRS} numbers. Not thread-safe.
 */
final class PairSample {
    static final int MAX_PAIRS = 4096;

    private static final int FIRST_PAIRS = 64;

    private final SplittableRandom random;
    private double[] champion = new double[FIRST_PAIRS];
    private double[] shadow = new double[FIRST_PAIRS];
    private int size;
    private long offered;

    PairSample(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Offers the scores of one row; pairs that are no finite numbers are no pairs. */
    void add(double championScore, double shadowScore) {
        if (!Double.isFinite(championScore) || !Double.isFinite(shadowScore)) {
            return;
        }
        offered++;
        if (size < MAX_PAIRS) {
            grow();
            put(size++, championScore, shadowScore);
            return;
        }
        long place = random.nextLong(offered);
        if (place < MAX_PAIRS) {
            put((int) place, championScore, shadowScore);
        }
    }

    private void grow() {
        if (size == champion.length) {
            champion = Arrays.copyOf(champion, 2 * size);
            shadow = Arrays.copyOf(shadow, 2 * size);
        }
    }

    private void put(int place, double championScore, double shadowScore) {
        champion[place] = championScore;
        shadow[place] = shadowScore;
    }

    int size() {
        return size;
    }

    double[] championScores() {
        return Arrays.copyOf(champion, size);
    }

    double[] shadowScores() {
        return Arrays.copyOf(shadow, size);
    }

    /** Returns which share of the champion's top is in the shadow's, too, for those shares of all that are one pair or more. */
    Map<Double, Double> topOverlaps(double... fractions) {
        int[] byChampion = descending(champion);
        int[] byShadow = descending(shadow);
        Map<Double, Double> overlaps = new TreeMap<>();
        for (double fraction : fractions) {
            int top = (int) (fraction * size);
            boolean[] isTop = new boolean[size];
            for (int i = 0; i < top; i++) {
                isTop[byChampion[i]] = true;
            }
            long common =
                    IntStream.range(0, top).filter(i -> isTop[byShadow[i]]).count();
            if (top > 0) {
                overlaps.put(fraction, common / (double) top);
            }
        }
        return overlaps;
    }

    /** Returns the places from the highest score to the lowest, ties by place. */
    private int[] descending(double[] scores) {
        return IntStream.range(0, size)
                .boxed()
                .sorted((a, b) -> Double.compare(scores[b], scores[a]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Returns Spearman's rank correlation, ties at their mean rank; empty below 3 pairs or when one side does not vary. */
    OptionalDouble rankCorrelation() {
        if (size < 3) {
            return OptionalDouble.empty();
        }
        double[] a = ranks(champion);
        double[] b = ranks(shadow);
        double mean = (size - 1) / 2.0;
        double product = 0;
        double squareA = 0;
        double squareB = 0;
        for (int i = 0; i < size; i++) {
            product += (a[i] - mean) * (b[i] - mean);
            squareA += (a[i] - mean) * (a[i] - mean);
            squareB += (b[i] - mean) * (b[i] - mean);
        }
        double norm = Math.sqrt(squareA * squareB);
        return norm == 0 ? OptionalDouble.empty() : OptionalDouble.of(product / norm);
    }

    private double[] ranks(double[] scores) {
        int[] order = descending(scores);
        double[] ranks = new double[size];
        for (int first = 0; first < size; ) {
            int last = first;
            while (last + 1 < size && scores[order[last + 1]] == scores[order[first]]) {
                last++;
            }
            for (int i = first; i <= last; i++) {
                ranks[order[i]] = (first + last) / 2.0;
            }
            first = last + 1;
        }
        return ranks;
    }
}
