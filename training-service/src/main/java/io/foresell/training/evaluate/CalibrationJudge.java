package io.foresell.training.evaluate;

import io.foresell.training.evaluate.Judged.Bin;
import io.foresell.training.evaluate.Judged.CalibrationCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The expected calibration error, over all judged rows together and per fold, beside what it would be by chance alone: labels are
 * drawn many times from the very probabilities answered, as a perfectly calibrated model's would fall. Broecker and Smith,
 * "Increasing the reliability of reliability diagrams" (2007), resample so.
 */
final class CalibrationJudge {
    private static final int MOST_DRAWS = 400;
    private static final int LEAST_DRAWS = 100;
    private static final double WORK = 4e7;
    private static final double Z = 1.959964;

    private final List<Part> folds = new ArrayList<>();
    private final Part pooled;
    private final int idCount;

    /** Probabilities and whether they came true, by fold. */
    CalibrationJudge(List<double[]> probabilities, List<boolean[]> outcomes, List<int[]> rows) {
        for (int i = 0; i < probabilities.size(); i++) {
            folds.add(new Part(probabilities.get(i), outcomes.get(i), rows.get(i)));
        }
        int count = probabilities.stream().mapToInt(fold -> fold.length).sum();
        boolean[] allOutcomes = new boolean[count];
        int place = 0;
        for (boolean[] fold : outcomes) {
            System.arraycopy(fold, 0, allOutcomes, place, fold.length);
            place += fold.length;
        }
        pooled = new Part(
                probabilities.stream().flatMapToDouble(Arrays::stream).toArray(),
                allOutcomes,
                rows.stream().flatMapToInt(Arrays::stream).toArray());
        idCount = 1 + Arrays.stream(pooled.rows).max().orElse(0);
    }

    double error() {
        return pooled.error();
    }

    /** Returns the check; the method is named for people. */
    CalibrationCheck check(String method, long seed) {
        double error = pooled.error();
        double perFold = folds.stream().mapToDouble(Part::error).average().orElse(Double.NaN);
        int draws = (int) Math.max(LEAST_DRAWS, Math.min(MOST_DRAWS, WORK / pooled.rows.length));
        double[] drawn = new double[draws];
        double floorPerFold = 0;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < draws; i++) {
            // A row that is judged in several repeats has one label, here as in truth.
            double[] luck = new double[idCount];
            Arrays.setAll(luck, id -> random.nextDouble());
            drawn[i] = pooled.drawnError(luck);
            floorPerFold += folds.stream()
                            .mapToDouble(fold -> fold.drawnError(luck))
                            .average()
                            .orElse(0)
                    / draws;
        }
        double asMuch = Arrays.stream(drawn).filter(value -> value >= error).count() + 1;
        double pValue = asMuch / (draws + 1);
        double floor = Arrays.stream(drawn).average().orElse(0);
        Arrays.sort(drawn);
        double floorHigh = Bootstrap.quantile(drawn, 0.95);
        return new CalibrationCheck(
                method,
                bins(),
                error,
                perFold,
                floor,
                floorHigh,
                floorPerFold,
                pValue,
                sentence(error, floor, floorHigh, pValue));
    }

    private static String sentence(double error, double floor, double floorHigh, double pValue) {
        String figures = "the expected calibration error is %.4f; chance alone gives %.4f, seldom more than %.4f"
                .formatted(error, floor, floorHigh);
        return pValue < 0.05
                ? "Probabilities are off by more than chance: %s (p = %.3f).".formatted(figures, pValue)
                : "Probabilities can be taken at their word: %s (p = %.2f).".formatted(figures, pValue);
    }

    private List<Bin> bins() {
        List<Bin> bins = new ArrayList<>();
        for (Evaluation.CalibrationBin bin : new Metrics(pooled.outcomes, pooled.probabilities).calibration()) {
            Interval interval = wilson(bin.observedRate(), bin.rowCount());
            bins.add(new Bin(bin.meanPredicted(), bin.observedRate(), interval.low(), interval.high(), bin.rowCount()));
        }
        return bins;
    }

    /** Returns Wilson's 95 % interval of a share. */
    static Interval wilson(double share, long count) {
        double centre = share + Z * Z / (2 * count);
        double half = Z * Math.sqrt(share * (1 - share) / count + Z * Z / (4.0 * count * count));
        double scale = 1 + Z * Z / count;
        return new Interval(Math.max(0, (centre - half) / scale), Math.min(1, (centre + half) / scale));
    }

    /** Rows ranked once. */
    private static final class Part {
        private final double[] probabilities;
        private final boolean[] outcomes;
        private final int[] rows;
        private final int[] order;

        Part(double[] probabilities, boolean[] outcomes, int[] rows) {
            this.probabilities = probabilities;
            this.outcomes = outcomes;
            this.rows = rows;
            this.order = Ranking.falling(probabilities);
        }

        double error() {
            return new Metrics(outcomes, probabilities).expectedCalibrationError();
        }

        /** The error over ten bins of equal count, equal probabilities sharing their luck. */
        double drawnError(double[] luck) {
            int count = order.length;
            double[] came = new double[count];
            for (int from = 0; from < count; ) {
                int until = from;
                double sum = 0;
                double p = probabilities[order[from]];
                while (until < count && probabilities[order[until]] == p) {
                    sum += luck[rows[order[until]]] < p ? 1 : 0;
                    until++;
                }
                Arrays.fill(came, from, until, sum / (until - from));
                from = until;
            }
            return IntStream.range(0, Metrics.BINS)
                            .mapToDouble(bin -> {
                                double difference = 0;
                                int until = (int) ((bin + 1L) * count / Metrics.BINS);
                                for (int i = (int) ((long) bin * count / Metrics.BINS); i < until; i++) {
                                    difference += came[i] - probabilities[order[i]];
                                }
                                return Math.abs(difference);
                            })
                            .sum()
                    / count;
        }
    }
}
