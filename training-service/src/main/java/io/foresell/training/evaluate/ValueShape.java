package io.foresell.training.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Answered values beside the actual ones.
 *
 * @param sample rows at even distances, at most {@value #MAX_SAMPLE}
 * @param errors histogram of answered minus actual; its first and last bins hold everything beyond the 1 % and 99 % quantiles
 * @param tenths ten groups of equal count by rising answer
 */
public record ValueShape(List<Sampled> sample, List<ErrorBin> errors, List<Tenth> tenths) implements AnswerShape {
    static final int MAX_SAMPLE = 400;
    private static final int ERROR_BINS = 21;
    private static final int TENTHS = 10;

    public ValueShape {
        sample = List.copyOf(sample);
        errors = List.copyOf(errors);
        tenths = List.copyOf(tenths);
    }

    /** One row. */
    public record Sampled(double actual, double answered) {}

    /** How many errors lie in [from, until). */
    public record ErrorBin(double from, double until, long count) {}

    /**
     * One tenth of the rows.
     *
     * @param lowError a tenth of the errors is lower
     * @param highError a tenth of the errors is higher
     */
    public record Tenth(
            double meanAnswered,
            double meanActual,
            double lowError,
            double medianError,
            double highError,
            long count) {}

    static ValueShape of(double[] actual, double[] answered) {
        int count = actual.length;
        double[] errors = new double[count];
        Arrays.setAll(errors, row -> answered[row] - actual[row]);
        List<Sampled> sample = new ArrayList<>();
        int sampled = Math.min(MAX_SAMPLE, count);
        for (int i = 0; i < sampled; i++) {
            int row = (int) ((long) i * count / sampled);
            sample.add(new Sampled(actual[row], answered[row]));
        }
        return new ValueShape(sample, histogram(errors), tenths(actual, answered));
    }

    private static List<ErrorBin> histogram(double[] errors) {
        double[] sorted = errors.clone();
        Arrays.sort(sorted);
        double low = quantile(sorted, 0.01);
        double high = quantile(sorted, 0.99);
        if (low == high) {
            return List.of(new ErrorBin(low, high, errors.length));
        }
        double width = (high - low) / ERROR_BINS;
        long[] counts = new long[ERROR_BINS];
        for (double error : errors) {
            counts[Math.max(0, Math.min(ERROR_BINS - 1, (int) Math.floor((error - low) / width)))]++;
        }
        List<ErrorBin> bins = new ArrayList<>();
        for (int bin = 0; bin < ERROR_BINS; bin++) {
            bins.add(new ErrorBin(low + bin * width, low + (bin + 1) * width, counts[bin]));
        }
        return bins;
    }

    private static List<Tenth> tenths(double[] actual, double[] answered) {
        int count = actual.length;
        Integer[] places = new Integer[count];
        Arrays.setAll(places, i -> i);
        Arrays.sort(places, (a, b) -> Double.compare(answered[a], answered[b]));
        List<Tenth> tenths = new ArrayList<>();
        for (int tenth = 0; tenth < TENTHS; tenth++) {
            int from = (int) ((long) tenth * count / TENTHS);
            int until = (int) ((tenth + 1L) * count / TENTHS);
            if (from < until) {
                tenths.add(tenth(actual, answered, Arrays.copyOfRange(places, from, until)));
            }
        }
        return tenths;
    }

    private static Tenth tenth(double[] actual, double[] answered, Integer[] places) {
        double answeredSum = 0;
        double actualSum = 0;
        double[] errors = new double[places.length];
        for (int i = 0; i < places.length; i++) {
            answeredSum += answered[places[i]];
            actualSum += actual[places[i]];
            errors[i] = answered[places[i]] - actual[places[i]];
        }
        Arrays.sort(errors);
        return new Tenth(
                answeredSum / places.length,
                actualSum / places.length,
                quantile(errors, 0.1),
                quantile(errors, 0.5),
                quantile(errors, 0.9),
                places.length);
    }

    /** Linear between the two nearest of the sorted values. */
    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
