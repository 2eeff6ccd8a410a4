package io.foresell.training.evaluate;

import io.foresell.model.Task;
import io.foresell.training.evaluate.Judged.Slice;
import io.foresell.training.evaluate.Judged.Slices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The metric by values of columns. With hundreds of slices some look bad by chance, so p-values are Holm's (1979) over all that
 * were tested.
 */
public final class Slicer {
    /** A slice of fewer rows says nothing. */
    static final int LEAST_ROWS = 30;

    private static final int LEAST_OF_CLASS = 10;
    private static final int MOST_SLICES = 400;
    private static final int MOST_WORST = 10;
    private static final double SIGNIFICANT = 0.05;
    private static final double Z = 1.959964;

    private final JudgedRows rows;
    private final Metric metric;
    private final double overall;
    private final List<Slice> slices = new ArrayList<>();

    /** Two classes are sliced by roc_auc, several by accuracy, values by mae. */
    public Slicer(JudgedRows rows) {
        this.rows = rows;
        this.metric = switch (rows.task()) {
            case BINARY -> Metric.ROC_AUC;
            case MULTICLASS -> Metric.ACCURACY;
            case REGRESSION, CLUSTERS, RANKING -> Metric.MAE;
        };
        int[] all = new int[rows.count()];
        Arrays.setAll(all, i -> i);
        this.overall = measured(all).value();
    }

    /**
     * Adds the slices of a column.
     *
     * @param binOfRow bin by number of row
     */
    public void add(String column, List<String> labels, int[] binOfRow) {
        int[] counts = new int[labels.size()];
        int[] bins = new int[rows.count()];
        for (int place = 0; place < bins.length; place++) {
            bins[place] = binOfRow[rows.row(place)];
            counts[bins[place]]++;
        }
        for (int bin = 0; bin < counts.length; bin++) {
            if (counts[bin] >= LEAST_ROWS && counts[bin] < bins.length && slices.size() < MOST_SLICES) {
                int[] places = new int[counts[bin]];
                int count = 0;
                for (int place = 0; place < bins.length; place++) {
                    if (bins[place] == bin) {
                        places[count++] = place;
                    }
                }
                slices.add(slice(column, labels.get(bin), places));
            }
        }
    }

    /** A metric with its standard error; NaN where rows are too few. */
    private record Measured(double value, double error) {}

    private Measured measured(int[] places) {
        if (rows.task() == Task.BINARY) {
            double[] labels = Arrays.stream(places).mapToDouble(rows::label).toArray();
            double positives = Arrays.stream(labels).sum();
            if (positives < LEAST_OF_CLASS || labels.length - positives < LEAST_OF_CLASS) {
                return new Measured(Double.NaN, Double.NaN);
            }
            DeLong area = DeLong.of(
                    labels, Arrays.stream(places).mapToDouble(rows::answer).toArray());
            return new Measured(area.area(), Math.sqrt(area.variance()));
        }
        return mean(Arrays.stream(places).mapToDouble(this::score).toArray());
    }

    private double score(int place) {
        return rows.task() == Task.MULTICLASS
                ? (rows.likeliest(place) == (int) rows.label(place) ? 1 : 0)
                : Math.abs(rows.answer(place) - rows.label(place));
    }

    private static Measured mean(double[] values) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return new Measured(mean, Math.sqrt(squares / Math.max(1, values.length - 1) / values.length));
    }

    private Slice slice(String column, String value, int[] places) {
        Measured measured = measured(places);
        double meanAnswer =
                Arrays.stream(places).mapToDouble(rows::answer).average().orElse(0);
        double meanLabel =
                Arrays.stream(places).mapToDouble(this::outcome).average().orElse(0);
        double pWorse = pWorse(measured);
        double pBias = DeLong.pValue(biasDeviate(places));
        double p = Math.min(1, 2 * Math.min(pWorse, Double.isNaN(pBias) ? 1 : pBias));
        return new Slice(
                column,
                value,
                places.length,
                rows.task() == Task.BINARY
                        ? Arrays.stream(places)
                                .filter(place -> rows.label(place) == 1)
                                .count()
                        : null,
                measured.value(),
                measured.value() - Z * measured.error(),
                measured.value() + Z * measured.error(),
                meanAnswer,
                meanLabel,
                p,
                p,
                sentence(column, value, places.length, measured, meanAnswer, meanLabel, pWorse <= pBias));
    }

    /** Returns what the answer is about: the label, or whether the likeliest class is right. */
    private double outcome(int place) {
        return rows.task() == Task.MULTICLASS ? score(place) : rows.label(place);
    }

    /** One-sided: worse than over all. */
    private double pWorse(Measured measured) {
        double z = (overall - measured.value()) / measured.error() * (metric.isHigherBetter() ? 1 : -1);
        if (Double.isNaN(z)) {
            return 1;
        }
        return z > 0 ? DeLong.pValue(z) / 2 : 1 - DeLong.pValue(z) / 2;
    }

    /** Returns by how many standard deviations labels and answers differ on average. */
    private double biasDeviate(int[] places) {
        if (rows.task() == Task.REGRESSION) {
            Measured residual = mean(Arrays.stream(places)
                    .mapToDouble(place -> rows.label(place) - rows.answer(place))
                    .toArray());
            return residual.value() / residual.error();
        }
        double difference = 0;
        double variance = 0;
        for (int place : places) {
            double p = rows.answer(place);
            difference += outcome(place) - p;
            variance += p * (1 - p);
        }
        return difference / Math.sqrt(variance);
    }

    private String sentence(
            String column, String value, int count, Measured measured, double answer, double label, boolean isWorse) {
        String where = "Where %s is %s (%,d rows)".formatted(column, value, count);
        return isWorse
                ? String.format(
                        Locale.ROOT,
                        "%s, %s is %.3f (95 %%: %.3f to %.3f) against %.3f over all rows.",
                        where,
                        metric.key(),
                        measured.value(),
                        measured.value() - Z * measured.error(),
                        measured.value() + Z * measured.error(),
                        overall)
                : String.format(
                        Locale.ROOT, "%s, answers are %.3f on average where the truth is %.3f.", where, answer, label);
    }

    /** Returns all slices, and the worst ones among those that chance does not explain. */
    public Slices slices() {
        List<Slice> byP = new ArrayList<>(slices);
        byP.sort(Comparator.comparingDouble(Slice::pValue));
        List<Slice> adjusted = new ArrayList<>();
        double last = 0;
        for (int i = 0; i < byP.size(); i++) {
            last = Math.max(last, Math.min(1, byP.get(i).pValue() * (byP.size() - i)));
            adjusted.add(adjusted(byP.get(i), last));
        }
        List<Slice> worst = adjusted.stream()
                .filter(slice -> slice.adjustedPValue() < SIGNIFICANT)
                .limit(MOST_WORST)
                .toList();
        List<Slice> all = adjusted.stream()
                .sorted(Comparator.comparing(Slice::column))
                .map(Slicer::withoutSentence)
                .toList();
        return new Slices(metric.key(), overall, slices.size(), all, worst);
    }

    private static Slice adjusted(Slice slice, double p) {
        return copy(slice, p, slice.sentence());
    }

    private static Slice withoutSentence(Slice slice) {
        return copy(slice, slice.adjustedPValue(), "");
    }

    private static Slice copy(Slice slice, double p, String sentence) {
        return new Slice(
                slice.column(),
                slice.value(),
                slice.rowCount(),
                slice.positiveCount(),
                slice.metricValue(),
                slice.low(),
                slice.high(),
                slice.meanAnswer(),
                slice.meanLabel(),
                slice.pValue(),
                p,
                sentence);
    }
}
