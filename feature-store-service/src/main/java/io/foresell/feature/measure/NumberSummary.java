package io.foresell.feature.measure;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** How some numbers are distributed; all 0 without any. The variance is that of a sample. Immutable. */
public final class NumberSummary {
    private static final double[] LEVELS = {0.05, 0.25, 0.5, 0.75, 0.95};

    private final long count;
    private final double mean;
    private final double variance;
    private final double[] quantiles;

    private NumberSummary(long count, double mean, double variance, double[] quantiles) {
        this.count = count;
        this.mean = mean;
        this.variance = variance;
        this.quantiles = quantiles;
    }

    /** Summarises numbers, none of them NaN; the array may be sorted by this. */
    static NumberSummary of(double[] numbers) {
        double[] quantiles = new double[LEVELS.length];
        if (numbers.length == 0) {
            return new NumberSummary(0, 0, 0, quantiles);
        }
        Arrays.sort(numbers);
        for (int i = 0; i < LEVELS.length; i++) {
            double place = LEVELS[i] * (numbers.length - 1);
            int below = (int) place;
            int above = Math.min(numbers.length - 1, below + 1);
            quantiles[i] = numbers[below] + (place - below) * (numbers[above] - numbers[below]);
        }
        double mean = DoubleStream.of(numbers).sum() / numbers.length;
        double squares = DoubleStream.of(numbers)
                .map(number -> (number - mean) * (number - mean))
                .sum();
        return new NumberSummary(
                numbers.length, mean, numbers.length < 2 ? 0 : squares / (numbers.length - 1), quantiles);
    }

    public long count() {
        return count;
    }

    public double mean() {
        return mean;
    }

    public double variance() {
        return variance;
    }

    /** Returns the quantile at 0.05, 0.25, 0.5, 0.75 or 0.95, by index; between two numbers it is interpolated. */
    public double quantile(int index) {
        return quantiles[index];
    }
}
