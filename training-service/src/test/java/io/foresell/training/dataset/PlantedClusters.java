package io.foresell.training.dataset;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.foresell.model.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** Rows without labels: three drawn groups with noise between them, and the customers of a real shop. */
public final class PlantedClusters {
    /** Rows of the groups: every sixth row is of the third one, two of the second, three of the first. */
    public static final int GROUPED = 600;

    /** Rows between the groups, after those of the groups. */
    public static final int NOISE = 40;

    private static final double[][] GROUPS = {{0, 0, 1, 1}, {6, 2, 0.5, 1.5}, {-1, 7, 1.2, 0.4}};
    private static final int[] GROUP_OF = {0, 0, 0, 1, 1, 2};

    private long state = 42;

    private PlantedClusters() {}

    /** A linear congruential generator, so that other programs draw the same. */
    private double uniform() {
        state = (state * 1_103_515_245L + 12_345) % 2_147_483_648L;
        return state / 2_147_483_648.0;
    }

    private double normal() {
        double sum = -6;
        for (int i = 0; i < 12; i++) {
            sum += uniform();
        }
        return sum;
    }

    /** Returns 640 rows of two numbers. */
    public static TrainingSet groups() {
        PlantedClusters draw = new PlantedClusters();
        double[] a = new double[GROUPED + NOISE];
        double[] b = new double[GROUPED + NOISE];
        for (int row = 0; row < GROUPED; row++) {
            double[] group = GROUPS[GROUP_OF[row % 6]];
            double first = draw.normal();
            double second = draw.normal();
            a[row] = group[0] + group[2] * first;
            b[row] = group[1] + group[3] * (0.6 * first + 0.8 * second);
        }
        for (int row = GROUPED; row < a.length; row++) {
            a[row] = -8 + 18 * draw.uniform();
            b[row] = -8 + 20 * draw.uniform();
        }
        return set(new RowBlock.Numbers("a", 1, a), new RowBlock.Numbers("b", 1, b));
    }

    /** Returns the planted group of a row of {@link #groups}; -1 for noise. */
    public static int groupOf(int row) {
        return row < GROUPED ? GROUP_OF[row % 6] : -1;
    }

    /** Returns rows without labels. */
    public static TrainingSet set(RowBlock.Column... columns) {
        int count = columns[0] instanceof RowBlock.Numbers numbers
                ? numbers.values().length / numbers.width()
                : ((RowBlock.Texts) columns[0]).codes().length;
        List<String> keys = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            keys.add("k" + row);
        }
        FeatureSetInfo info = new FeatureSetInfo("points", "hash", "", "customer", Map.of("a", "across"));
        return new TrainingSetBuilder(info, Task.CLUSTERS)
                .add(new RowBlock(keys, new long[count], new RowBlock.NoTarget(count), List.of(columns)))
                .build();
    }

    /**
     * Returns the logarithms of 1 + days since the last order, orders and money of 3,360 customers before 2011-09-09, by customer; the
     * test is skipped when the data folder is not there.
     */
    public static TrainingSet shopCustomers() throws IOException {
        Path file = Path.of(
                System.getProperty("foresell.shared", "../../shared"), "data/online_retail/online_retail_lines.csv.gz");
        assumeThat(file).exists();
        Map<String, Customer> customers = new TreeMap<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] cells = line.split(",", -1);
                boolean isSale = !cells[5].isEmpty()
                        && !cells[0].startsWith("C")
                        && !cells[0].startsWith("A")
                        && cells[1].matches("\\d{5}[A-Za-z]*");
                double money = Double.parseDouble(cells[2]) * Double.parseDouble(cells[4]);
                if (isSale && Double.parseDouble(cells[2]) > 0 && money > 0) {
                    customers
                            .computeIfAbsent(cells[5], absent -> new Customer())
                            .add(cells[0], LocalDate.parse(cells[3].substring(0, 10)), money);
                }
            }
        }
        List<Customer> all = List.copyOf(customers.values());
        LocalDate end = LocalDate.of(2011, 9, 9);
        return set(
                logarithms(
                        "days",
                        all.stream()
                                .mapToDouble(customer -> ChronoUnit.DAYS.between(customer.last, end))
                                .toArray()),
                logarithms(
                        "orders",
                        all.stream()
                                .mapToDouble(customer -> customer.invoices.size())
                                .toArray()),
                logarithms(
                        "money",
                        all.stream().mapToDouble(customer -> customer.money).toArray()));
    }

    private static RowBlock.Numbers logarithms(String name, double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.log1p(values[i]);
        }
        return new RowBlock.Numbers(name, 1, values);
    }

    private static final class Customer {
        private LocalDate last = LocalDate.EPOCH;
        private final Set<String> invoices = new HashSet<>();
        private double money;

        void add(String invoice, LocalDate day, double paid) {
            last = day.isAfter(last) ? day : last;
            invoices.add(invoice);
            money += paid;
        }
    }
}
