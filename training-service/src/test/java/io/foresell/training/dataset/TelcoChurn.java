package io.foresell.training.dataset;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The real churn file: 7,043 customers; a blank TotalCharges is 0, customerID is the key and no feature. */
public final class TelcoChurn {
    private static final Set<String> NUMBERS = Set.of("SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges");

    private TelcoChurn() {}

    /** Reads the file; the test is skipped when the data folder is not there. */
    public static TrainingSet read() throws IOException {
        return about("Churn");
    }

    /** Reads the file with one of its columns as the label and all others as features. */
    public static TrainingSet about(String label) throws IOException {
        Path file = Path.of(System.getProperty("foresell.shared", "../../shared"), "data/telco_churn/telco_churn.csv");
        assumeThat(file).exists();
        List<String> lines = Files.readAllLines(file);
        String[] header = lines.get(0).split(",");
        List<String[]> rows = new ArrayList<>();
        lines.stream().skip(1).forEach(line -> rows.add(line.split(",", -1)));
        List<RowBlock.Column> columns = new ArrayList<>();
        for (int column = 1; column < header.length; column++) {
            if (!header[column].equals(label)) {
                columns.add(
                        NUMBERS.contains(header[column])
                                ? numbers(header[column], rows, column)
                                : texts(header[column], rows, column));
            }
        }
        List<String> keys = rows.stream().map(row -> row[0]).toList();
        FeatureSetInfo info = new FeatureSetInfo("telco", "hash", "churn", "customer", Map.of("tenure", "Months"));
        int place = List.of(header).indexOf(label);
        return new TrainingSetBuilder(info)
                .add(new RowBlock(keys, new long[rows.size()], labels(label, rows, place), columns))
                .build();
    }

    private static RowBlock.Target labels(String label, List<String[]> rows, int column) {
        if (label.equals("Churn")) {
            return new RowBlock.NumberTarget(rows.stream()
                    .mapToDouble(row -> row[column].equals("Yes") ? 1 : 0)
                    .toArray());
        }
        return NUMBERS.contains(label)
                ? new RowBlock.NumberTarget(numbers(label, rows, column).values())
                : new RowBlock.TextTarget(rows.stream().map(row -> row[column]).toList());
    }

    private static RowBlock.Numbers numbers(String name, List<String[]> rows, int column) {
        return new RowBlock.Numbers(
                name,
                1,
                rows.stream()
                        .mapToDouble(row -> row[column].isBlank() ? 0 : Double.parseDouble(row[column]))
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
