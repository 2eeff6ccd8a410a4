package io.foresell.benchmarks.training;

import io.foresell.training.dataset.FeatureSetInfo;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** The rows that are trained on: those of a file, or drawn. */
final class LabelledRows {
    private LabelledRows() {}

    /**
     * Reads a CSV file, plain or named {@code .gz}, whose cells have neither quotes nor commas. A column whose cells are all numbers or
     * empty is numeric.
     *
     * @param positive the label that counts as positive
     */
    static TrainingSet read(Path file, String label, String positive, Set<String> ignored) throws IOException {
        List<String[]> lines = lines(file);
        List<String> names = Arrays.asList(lines.get(0));
        List<String[]> rows = lines.subList(1, lines.size());
        int labelAt = names.indexOf(label);
        if (labelAt < 0) {
            throw new IOException("%s: no column '%s' (expected: one of %s)".formatted(file, label, names));
        }
        List<RowBlock.Column> columns = new ArrayList<>();
        for (int at = 0; at < names.size(); at++) {
            if (at != labelAt && !ignored.contains(names.get(at))) {
                columns.add(column(names.get(at), rows, at));
            }
        }
        double[] labels = rows.stream()
                .mapToDouble(row -> row[labelAt].equals(positive) ? 1 : 0)
                .toArray();
        return set(labels, columns);
    }

    /** Draws rows of 8 numbers and 8 texts of up to 12 categories, of which some decide the label. */
    static TrainingSet drawn(int rowCount, long seed) {
        Random random = new Random(seed);
        double[][] numbers = new double[8][rowCount];
        int[][] codes = new int[8][rowCount];
        double[] labels = new double[rowCount];
        for (int row = 0; row < rowCount; row++) {
            for (int i = 0; i < 8; i++) {
                numbers[i][row] = random.nextGaussian();
                codes[i][row] = random.nextInt(3 + i);
            }
            double odds = numbers[0][row] + Math.abs(numbers[1][row]) + codes[7][row] / 4.0 - 4;
            labels[row] = random.nextDouble() < 1 / (1 + Math.exp(-odds)) ? 1 : 0;
        }
        List<RowBlock.Column> columns = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            columns.add(new RowBlock.Numbers("number " + i, 1, numbers[i]));
            List<String> dictionary = IntStream.range(0, 3 + i)
                    .mapToObj(code -> "category " + code)
                    .toList();
            columns.add(new RowBlock.Texts("text " + i, dictionary, codes[i]));
        }
        return set(labels, columns);
    }

    private static TrainingSet set(double[] labels, List<RowBlock.Column> columns) {
        List<String> keys =
                IntStream.range(0, labels.length).mapToObj(Integer::toString).toList();
        return new TrainingSetBuilder(new FeatureSetInfo("rows", "hash", "label", "row", Map.of()))
                .add(new RowBlock(keys, new long[labels.length], new RowBlock.NumberTarget(labels), columns))
                .build();
    }

    private static List<String[]> lines(Path file) throws IOException {
        List<String[]> lines = new ArrayList<>();
        try (InputStream bytes = Files.newInputStream(file);
                BufferedReader text = new BufferedReader(new InputStreamReader(
                        file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes,
                        StandardCharsets.UTF_8))) {
            for (String line = text.readLine(); line != null; line = text.readLine()) {
                if (line.indexOf('"') >= 0) {
                    throw new IOException(
                            "%s: line %d has a quote (expected: plain cells)".formatted(file, lines.size() + 1));
                }
                lines.add(line.split(",", -1));
            }
        }
        return lines;
    }

    private static RowBlock.Column column(String name, List<String[]> rows, int at) {
        double[] numbers = new double[rows.size()];
        try {
            for (int row = 0; row < numbers.length; row++) {
                String cell = rows.get(row)[at].strip();
                numbers[row] = cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
            }
            return new RowBlock.Numbers(name, 1, numbers);
        } catch (NumberFormatException e) {
            return texts(name, rows, at);
        }
    }

    private static RowBlock.Texts texts(String name, List<String[]> rows, int at) {
        Map<String, Integer> codeOf = new HashMap<>();
        List<String> dictionary = new ArrayList<>();
        int[] codes = new int[rows.size()];
        for (int row = 0; row < codes.length; row++) {
            codes[row] = codeOf.computeIfAbsent(rows.get(row)[at], added -> {
                dictionary.add(added);
                return dictionary.size() - 1;
            });
        }
        return new RowBlock.Texts(name, dictionary, codes);
    }
}
