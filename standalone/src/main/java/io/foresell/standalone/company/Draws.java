package io.foresell.standalone.company;

import java.util.List;
import java.util.SplittableRandom;

/** Random numbers that are the same on every machine: {@link StrictMath} only. Not thread-safe. */
final class Draws {
    private final SplittableRandom random;

    /** Makes an independent stream for a part of the company, so that one part does not shift another. */
    Draws(long seed, String part, int index) {
        this.random = new SplittableRandom(seed * 0xD1342543DE82EF95L + part.hashCode() * 1_000_003L + index);
    }

    double uniform() {
        return random.nextDouble();
    }

    double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /** Returns a whole number from low to high, both included. */
    int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Returns a standard normal number (Box-Muller). */
    double normal() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    }

    /** Returns a Poisson count by multiplying uniforms; the mean should stay below some hundreds. */
    int poisson(double mean) {
        double limit = StrictMath.exp(-mean);
        int count = -1;
        double product = 1;
        do {
            count++;
            product *= random.nextDouble();
        } while (product > limit);
        return count;
    }

    <T> T pick(List<T> items) {
        return items.get(random.nextInt(items.size()));
    }

    /** Returns an index with a chance proportional to its weight. */
    int weighted(double... weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        double left = random.nextDouble() * sum;
        for (int i = 0; i < weights.length - 1; i++) {
            left -= weights[i];
            if (left < 0) {
                return i;
            }
        }
        return weights.length - 1;
    }
}
