package io.foresell.model.scorer;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What explanations compare a row with: the ordinary row of the training data.
 *
 * @param numbers mean of each number over rows that have it, length numberWidth; NaN when none has
 * @param texts most frequent text of each text input, length textWidth; empty when missing is most frequent
 * @param textFrequencies share of rows by text of each text input, the empty text standing for missing
 * @param sampleRows rows of the training data; at least one for {@link ExplanationKind#INTERVENTIONAL}
 * @param explanation how contributions are computed
 * @param tenths how each number was distributed, length numberWidth; empty when it is not known
 */
public record Background(
        List<Float> numbers,
        List<String> texts,
        List<Map<String, Double>> textFrequencies,
        SampleRows sampleRows,
        ExplanationKind explanation,
        List<Tenths> tenths) {
    /** Texts kept per input; rarer ones are dropped. */
    public static final int MAX_TEXTS = 1000;

    // A package with more numbers does not say how they were distributed: some 300 bytes each.
    private static final int MAX_TENTHS =
            200; // long sequences would be most of a small package; their drift is seen from the first window on
    private static final int TENTHS_ROWS = 10_000; // an edge is then within half a percent of the rows

    public Background {
        numbers = List.copyOf(numbers);
        texts = List.copyOf(texts);
        textFrequencies = textFrequencies.stream().map(Map::copyOf).toList();
        tenths = List.copyOf(tenths);
        if (explanation == ExplanationKind.INTERVENTIONAL && sampleRows.rowCount() == 0) {
            throw new IllegalArgumentException(
                    "sample_rows: 0 (expected: 1..%d for interventional explanations)".formatted(SampleRows.MAX_ROWS));
        }
    }

    /** Makes a background without sample rows. */
    public Background(List<Float> numbers, List<String> texts, List<Map<String, Double>> textFrequencies) {
        this(numbers, texts, textFrequencies, SampleRows.NONE, ExplanationKind.AUTOMATIC, List.of());
    }

    /** Returns the same with sample rows and another way to explain. */
    public Background with(SampleRows samples, ExplanationKind kind) {
        return new Background(numbers, texts, textFrequencies, samples, kind, tenths);
    }

    /** Returns the background of an unknown data set: all missing. */
    public static Background missing(Signature signature) {
        List<Map<String, Double>> frequencies = new ArrayList<>();
        for (int i = 0; i < signature.textWidth(); i++) {
            frequencies.add(Map.of());
        }
        return new Background(
                Collections.nCopies(signature.numberWidth(), Float.NaN),
                Collections.nCopies(signature.textWidth(), ""),
                frequencies);
    }

    /** Returns the background of the training rows. */
    public static Background of(Signature signature, Rows trainingRows) {
        trainingRows.requireShape(signature);
        List<Float> means = new ArrayList<>();
        for (int i = 0; i < signature.numberWidth(); i++) {
            means.add(mean(trainingRows, i, signature.numberWidth()));
        }
        List<String> texts = new ArrayList<>();
        List<Map<String, Double>> frequencies = new ArrayList<>();
        for (InputField field : signature.inputs()) {
            if (field.kind() == InputKind.TEXT) {
                Map<String, Double> shares =
                        shares(trainingRows, signature.offset(field.name()), signature.textWidth());
                frequencies.add(shares);
                texts.add(mode(shares));
            }
        }
        return new Background(
                means,
                texts,
                frequencies,
                SampleRows.NONE,
                ExplanationKind.AUTOMATIC,
                tenths(trainingRows, signature.numberWidth()));
    }

    /** Cuts each number of rows at even distances into tenths; none when there are too many numbers or no row. */
    private static List<Tenths> tenths(Rows rows, int width) {
        List<Tenths> all = new ArrayList<>();
        int taken = Math.min(TENTHS_ROWS, rows.rowCount());
        for (int column = 0; column < width && width <= MAX_TENTHS && taken > 0; column++) {
            float[] values = new float[taken];
            for (int i = 0; i < taken; i++) {
                int row = (int) ((long) i * rows.rowCount() / taken);
                values[i] = rows.numbers()[row * width + column];
            }
            all.add(Tenths.of(values));
        }
        return all;
    }

    /** Checks the widths; throws IllegalArgumentException when they differ from the signature's. */
    public void requireShape(Signature signature) {
        if (numbers.size() != signature.numberWidth()
                || texts.size() != signature.textWidth()
                || textFrequencies.size() != signature.textWidth()) {
            throw new IllegalArgumentException("background: %d numbers, %d texts (expected: %d numbers, %d texts)"
                    .formatted(numbers.size(), texts.size(), signature.numberWidth(), signature.textWidth()));
        }
        if (!tenths.isEmpty() && tenths.size() != numbers.size()) {
            throw new IllegalArgumentException("background: tenths of %d numbers (expected: %d, or none)"
                    .formatted(tenths.size(), numbers.size()));
        }
        if (sampleRows.rowCount() > 0) {
            sampleRows.requireShape(signature);
        }
    }

    private static float mean(Rows rows, int column, int width) {
        double sum = 0;
        long count = 0;
        for (int i = column; i < rows.numbers().length; i += width) {
            if (!Float.isNaN(rows.numbers()[i])) {
                sum += rows.numbers()[i];
                count++;
            }
        }
        return count == 0 ? Float.NaN : (float) (sum / count);
    }

    private static Map<String, Double> shares(Rows rows, int column, int width) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = column; i < rows.texts().length; i += width) {
            counts.merge(rows.texts()[i], 1, Integer::sum);
        }
        Map<String, Double> shares = new TreeMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MAX_TEXTS)
                .forEach(entry -> shares.put(entry.getKey(), entry.getValue() / (double) rows.rowCount()));
        return shares;
    }

    private static String mode(Map<String, Double> shares) {
        return shares.entrySet().stream()
                .max(Map.Entry.<String, Double>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse("");
    }
}
