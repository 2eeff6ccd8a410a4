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

/** The real file of calls by a bank: 45,211 customers; duration is dropped, as it is known only afterwards. */
public final class BankMarketing {
    private static final Set<String> NUMBERS = Set.of("age", "balance", "day", "campaign", "pdays", "previous");

    private BankMarketing() {}

    /** Reads the file; the test is skipped when the data folder is not there. */
    public static TrainingSet read() throws IOException {
        Path file =
                Path.of(System.getProperty("foresell.shared", "../../shared"), "data/bank_marketing/bank_full.csv.gz");
        assumeThat(file).exists();
        List<String[]> rows = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            reader.lines().forEach(line -> rows.add(line.split(",", -1)));
        }
        String[] header = rows.remove(0);
        List<RowBlock.Column> columns = new ArrayList<>();
        for (int column = 0; column < header.length - 1; column++) {
            if (!header[column].equals("duration")) {
                columns.add(column(header[column], rows, column));
            }
        }
        double[] labels = rows.stream()
                .mapToDouble(row -> row[header.length - 1].equals("yes") ? 1 : 0)
                .toArray();
        List<String> keys = new ArrayList<>();
        for (int row = 0; row < labels.length; row++) {
            keys.add("c" + row);
        }
        FeatureSetInfo info = new FeatureSetInfo("bank", "hash", "subscribed", "customer", Map.of());
        return new TrainingSetBuilder(info)
                .add(new RowBlock(keys, new long[labels.length], new RowBlock.NumberTarget(labels), columns))
                .build();
    }

    private static RowBlock.Column column(String name, List<String[]> rows, int column) {
        if (NUMBERS.contains(name)) {
            return new RowBlock.Numbers(
                    name,
                    1,
                    rows.stream()
                            .mapToDouble(row -> Double.parseDouble(row[column]))
                            .toArray());
        }
        Map<String, Integer> codes = new LinkedHashMap<>();
        int[] coded = rows.stream()
                .mapToInt(row -> codes.computeIfAbsent(row[column], text -> codes.size()))
                .toArray();
        return new RowBlock.Texts(name, List.copyOf(codes.keySet()), coded);
    }
}
