package io.foresell.training.dataset;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** The real telemarketing file: 45,211 calls in the order of time; {@code duration} is known only after the call. */
public final class BankMarketing {
    private static final Set<String> NUMBERS =
            Set.of("age", "balance", "day", "duration", "campaign", "pdays", "previous");

    private BankMarketing() {}

    /** Reads the file; the test is skipped when the data folder is not there. */
    public static TrainingSet read(boolean withDuration) throws IOException {
        Path file =
                Path.of(System.getProperty("foresell.shared", "../../shared"), "data/bank_marketing/bank_full.csv.gz");
        assumeThat(file).exists();
        List<String[]> rows = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            reader.lines().map(line -> line.replace("\"", "").split("[,;]", -1)).forEach(rows::add);
        }
        String[] header = rows.remove(0);
        List<RowBlock.Column> columns = new ArrayList<>();
        for (int column = 0; column < header.length - 1; column++) {
            if (withDuration || !header[column].equals("duration")) {
                columns.add(
                        NUMBERS.contains(header[column])
                                ? numbers(header[column], rows, column)
                                : texts(header[column], rows, column));
            }
        }
        double[] labels = rows.stream()
                .mapToDouble(row -> row[header.length - 1].equals("yes") || row[header.length - 1].equals("1") ? 1 : 0)
                .toArray();
        List<String> keys = new ArrayList<>();
        long[] times = new long[labels.length];
        for (int row = 0; row < labels.length; row++) {
            keys.add("call" + row);
            times[row] = row * 60_000L;
        }
        return new TrainingSetBuilder(new FeatureSetInfo("bank", "hash", "subscribed", "call", Map.of()))
                .add(new RowBlock(keys, times, new RowBlock.NumberTarget(labels), columns))
                .build();
    }

    private static RowBlock.Numbers numbers(String name, List<String[]> rows, int column) {
        return new RowBlock.Numbers(
                name,
                1,
                rows.stream()
                        .mapToDouble(row -> Double.parseDouble(row[column]))
                        .toArray());
    }

    private static RowBlock.Texts texts(String name, List<String[]> rows, int column) {
        Map<String, Integer> codes = new LinkedHashMap<>();
        int[] coded = rows.stream()
                .mapToInt(row -> codes.computeIfAbsent(row[column], text -> codes.size()))
                .toArray();
        return new RowBlock.Texts(name, List.copyOf(codes.keySet()), coded);
    }
}
