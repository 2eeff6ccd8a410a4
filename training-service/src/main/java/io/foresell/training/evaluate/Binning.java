package io.foresell.training.evaluate;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Puts the values of one column into few bins: numbers by quantiles of the rows it was made of (a sequence by its mean), texts by
 * frequency. Missing values have a bin of their own, the last one. Immutable.
 */
public final class Binning {
    /** Names the bin of missing values. */
    public static final String MISSING = "(missing)";

    /** Names the bin of rare and unseen texts. */
    public static final String OTHER = "(other)";

    private final InputField field;
    private final double[] uppers;
    private final Map<String, Integer> binOfText;
    private final List<String> labels;

    private Binning(InputField field, double[] uppers, Map<String, Integer> binOfText, List<String> labels) {
        this.field = field;
        this.uppers = uppers;
        this.binOfText = binOfText;
        this.labels = labels;
    }

    /**
     * Makes the bins of a column.
     *
     * @param rows the column alone
     * @param numberBins most bins of numbers with a value; fewer where values repeat
     * @param textBins most texts with a bin of their own
     */
    public static Binning of(InputField field, Rows rows, int numberBins, int textBins) {
        return field.kind() == InputKind.TEXT ? ofTexts(field, rows, textBins) : ofNumbers(field, rows, numberBins);
    }

    private static Binning ofTexts(InputField field, Rows rows, int textBins) {
        Map<String, Integer> counts = new HashMap<>();
        for (String text : rows.texts()) {
            if (!text.isEmpty()) {
                counts.merge(text, 1, Integer::sum);
            }
        }
        List<String> frequent = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(textBins)
                .map(Map.Entry::getKey)
                .toList();
        Map<String, Integer> binOfText = new HashMap<>();
        frequent.forEach(text -> binOfText.put(text, binOfText.size()));
        List<String> labels = new ArrayList<>(frequent);
        labels.add(OTHER);
        labels.add(MISSING);
        return new Binning(field, new double[0], binOfText, List.copyOf(labels));
    }

    private static Binning ofNumbers(InputField field, Rows rows, int numberBins) {
        double[] sorted = Arrays.stream(numbers(field, rows))
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        List<Double> uppers = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        int from = 0;
        for (int bin = 1; bin <= numberBins && from < sorted.length; bin++) {
            int last = Math.max(from, (int) ((long) bin * sorted.length / numberBins) - 1);
            while (last + 1 < sorted.length && sorted[last + 1] == sorted[last]) {
                last++;
            }
            if (bin == numberBins) {
                last = sorted.length - 1;
            }
            uppers.add(sorted[last]);
            labels.add(range(sorted[from], sorted[last]));
            from = last + 1;
        }
        labels.add(MISSING);
        return new Binning(
                field, uppers.stream().mapToDouble(Double::doubleValue).toArray(), Map.of(), List.copyOf(labels));
    }

    private static String range(double low, double high) {
        return low == high ? shown(low) : "%s to %s".formatted(shown(low), shown(high));
    }

    /** Returns a number as people write it, with at most four digits that tell. */
    public static String shown(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e7) {
            return Long.toString((long) value);
        }
        String text = String.format(Locale.ROOT, "%.4g", value);
        return text.contains(".") && !text.contains("e") ? text.replaceAll("\\.?0+$", "") : text;
    }

    /** Returns the value of each row, of a sequence the mean of its steps; NaN is missing. */
    public static double[] numbers(InputField field, Rows rows) {
        int width = field.width();
        double[] values = new double[rows.rowCount()];
        for (int row = 0; row < values.length; row++) {
            double sum = 0;
            int count = 0;
            for (int step = row * width; step < (row + 1) * width; step++) {
                if (!Float.isNaN(rows.numbers()[step])) {
                    sum += rows.numbers()[step];
                    count++;
                }
            }
            values[row] = count == 0 ? Double.NaN : sum / count;
        }
        return values;
    }

    /** Returns the names of the bins. */
    public List<String> labels() {
        return labels;
    }

    /** Returns the number of bins. */
    public int count() {
        return labels.size();
    }

    /** Returns the bin of each row of the column alone. */
    public int[] bins(Rows rows) {
        int missing = labels.size() - 1;
        int[] bins = new int[rows.rowCount()];
        if (field.kind() == InputKind.TEXT) {
            for (int row = 0; row < bins.length; row++) {
                String text = rows.texts()[row];
                bins[row] = text.isEmpty() ? missing : binOfText.getOrDefault(text, missing - 1);
            }
            return bins;
        }
        double[] values = numbers(field, rows);
        for (int row = 0; row < bins.length; row++) {
            int place = Arrays.binarySearch(uppers, values[row]);
            int bin = place >= 0 ? place : Math.min(-place - 1, uppers.length - 1);
            bins[row] = Double.isNaN(values[row]) || uppers.length == 0 ? missing : bin;
        }
        return bins;
    }
}
