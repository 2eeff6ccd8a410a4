package io.foresell.training.evaluate;

import io.foresell.model.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Metrics of many resamples of the judged rows; entities are drawn whole, with replacement, and for the order within groups, groups. Each is the mean over folds, as the
 * metric itself is. Candidates judged on the same rows with the same seed see the same resamples, so their differences are
 * paired. Percentile intervals: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
 */
final class Bootstrap {
    static final double LEVEL = 0.95;
    private static final int MOST = 1000;
    private static final int LEAST = 200;
    /** Row visits that take a few seconds. */
    private static final double WORK = 3e8;

    private final List<Metric> metrics;
    private final double[][] replicates;

    private Bootstrap(List<Metric> metrics, double[][] replicates) {
        this.metrics = metrics;
        this.replicates = replicates;
    }

    static Bootstrap of(Task task, List<FoldAnswers> folds, long seed, BooleanSupplier isCancelled) {
        List<Resampling> byRow =
                folds.stream().map(fold -> Resampling.of(task, fold)).toList();
        List<int[]> entities = folds.stream().map(FoldAnswers::entities).toList();
        double visits = folds.stream()
                .mapToDouble(fold -> fold.rowCount() * Math.max(1.0, fold.width() / 4.0))
                .sum();
        int count = byRow.get(0).metrics().isEmpty() ? 0 : (int) Math.max(LEAST, Math.min(MOST, WORK / visits));
        double[][] ofRows = replicates(byRow, entities, count, seed, isCancelled);
        List<Resampling> byList = new ArrayList<>();
        List<int[]> numbers = new ArrayList<>();
        for (FoldAnswers fold : folds) {
            ListMetrics lists = fold.lists();
            if (lists != null) {
                byList.add(lists);
                numbers.add(lists.numbers());
            }
        }
        if (byList.isEmpty()) {
            return new Bootstrap(byRow.get(0).metrics(), ofRows);
        }
        double[][] ofLists = replicates(byList, numbers, count, seed, isCancelled);
        List<Metric> metrics = new ArrayList<>(byRow.get(0).metrics());
        metrics.addAll(byList.get(0).metrics());
        double[][] replicates = new double[count][];
        Arrays.setAll(replicates, i -> DoubleStream.concat(Arrays.stream(ofRows[i]), Arrays.stream(ofLists[i]))
                .toArray());
        return new Bootstrap(metrics, replicates);
    }

    /**
     * Measures resamples.
     *
     * @param units per fold what each weight is of, numbers from 0 up: drawn whole, the same in all folds
     */
    private static double[][] replicates(
            List<Resampling> resamplings, List<int[]> units, int count, long seed, BooleanSupplier isCancelled) {
        int unitCount = 1 + units.stream().flatMapToInt(Arrays::stream).max().orElse(0);
        SplittableRandom random = new SplittableRandom(seed);
        double[][] replicates = new double[count][];
        for (int i = 0; i < count; i++) {
            if (isCancelled.getAsBoolean()) {
                throw new CancellationException("cancelled while resampling");
            }
            int[] counts = new int[unitCount];
            for (int draw = 0; draw < unitCount; draw++) {
                counts[random.nextInt(unitCount)]++;
            }
            replicates[i] = meanOverFolds(resamplings, units, counts);
        }
        return replicates;
    }

    private static double[] meanOverFolds(List<Resampling> resamplings, List<int[]> units, int[] counts) {
        int metricCount = resamplings.get(0).metrics().size();
        double[] sums = new double[metricCount];
        int[] measuredFolds = new int[metricCount];
        double[] measured = new double[metricCount];
        for (int fold = 0; fold < resamplings.size(); fold++) {
            int[] unitOf = units.get(fold);
            int[] weights = new int[unitOf.length];
            int sum = 0;
            for (int i = 0; i < weights.length; i++) {
                weights[i] = counts[unitOf[i]];
                sum += weights[i];
            }
            if (sum == 0) {
                continue;
            }
            resamplings.get(fold).measure(weights, measured);
            for (int i = 0; i < metricCount; i++) {
                sums[i] += Double.isNaN(measured[i]) ? 0 : measured[i];
                measuredFolds[i] += Double.isNaN(measured[i]) ? 0 : 1;
            }
        }
        double[] means = new double[metricCount];
        Arrays.setAll(means, i -> measuredFolds[i] == 0 ? Double.NaN : sums[i] / measuredFolds[i]);
        return means;
    }

    int count() {
        return replicates.length;
    }

    List<Metric> metrics() {
        return metrics;
    }

    /** Returns the middle 95 % of a metric; NaN at both ends where it was not measured. */
    Interval interval(Metric metric) {
        return interval(values(metric));
    }

    private double[] values(Metric metric) {
        int place = metrics.indexOf(metric);
        return place < 0
                ? new double[0]
                : Arrays.stream(replicates)
                        .mapToDouble(replicate -> replicate[place])
                        .toArray();
    }

    static Interval interval(double[] values) {
        double[] sorted = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        return sorted.length == 0
                ? new Interval(Double.NaN, Double.NaN)
                : new Interval(quantile(sorted, (1 - LEVEL) / 2), quantile(sorted, (1 + LEVEL) / 2));
    }

    /** Linear between order statistics. */
    static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int low = (int) place;
        int high = Math.min(sorted.length - 1, low + 1);
        return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
    }

    /** Returns this metric less the other's, resample by resample; empty when either has none. */
    double[] differences(Bootstrap other, Metric metric) {
        double[] own = values(metric);
        double[] others = other.values(metric);
        return IntStream.range(0, Math.min(own.length, others.length))
                .mapToDouble(i -> own[i] - others[i])
                .filter(value -> !Double.isNaN(value))
                .toArray();
    }

    /** Returns the two-sided p-value of differences against none: twice the share on the smaller side. */
    static double pValue(double[] differences) {
        double below = Arrays.stream(differences).filter(value -> value <= 0).count() + 1;
        double above = Arrays.stream(differences).filter(value -> value >= 0).count() + 1;
        return Math.min(1, 2 * Math.min(below, above) / (differences.length + 1));
    }
}
