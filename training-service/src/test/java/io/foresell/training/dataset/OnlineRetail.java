package io.foresell.training.dataset;

import static org.assertj.core.api.Assumptions.assumeThat;

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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * The real file of a shop's lines: who bought in the 32 weeks before 2011-08-08, with orders and spend of each week as
 * log(1 + x), and whether they buy in the 4 weeks from then on. Customers are sorted by their number as text.
 */
public final class OnlineRetail {
    private static final LocalDate CUT = LocalDate.of(2011, 8, 8);
    private static final int WEEKS = 32;
    private static final int DAYS_AHEAD = 28;
    private static final Pattern GOODS = Pattern.compile("\\d{5}[A-Za-z]*");

    private OnlineRetail() {}

    private static final class Customer {
        private final List<Set<String>> invoices = new ArrayList<>();
        private final double[] spend = new double[WEEKS];
        private boolean isBuyer;
        private boolean isSeen;

        Customer() {
            for (int week = 0; week < WEEKS; week++) {
                invoices.add(new HashSet<>());
            }
        }

        void add(LocalDate day, String invoice, double amount) {
            long ahead = ChronoUnit.DAYS.between(CUT, day);
            isBuyer |= ahead >= 0 && ahead < DAYS_AHEAD;
            int week = (int) Math.floorDiv(ahead, 7) + WEEKS;
            if (week >= 0 && week < WEEKS) {
                isSeen = true;
                invoices.get(week).add(invoice);
                spend[week] += amount;
            }
        }
    }

    /** Reads the file; the test is skipped when the data folder is not there. */
    public static TrainingSet weeks() throws IOException {
        SortedMap<String, Customer> customers = customers();
        customers.values().removeIf(customer -> !customer.isSeen);
        int rowCount = customers.size();
        double[] orders = new double[rowCount * WEEKS];
        double[] spend = new double[rowCount * WEEKS];
        double[] labels = new double[rowCount];
        int row = 0;
        for (Customer customer : customers.values()) {
            for (int week = 0; week < WEEKS; week++) {
                orders[row * WEEKS + week] =
                        Math.log1p(customer.invoices.get(week).size());
                spend[row * WEEKS + week] = Math.log1p(customer.spend[week]);
            }
            labels[row++] = customer.isBuyer ? 1 : 0;
        }
        return new TrainingSetBuilder(new FeatureSetInfo("weeks", "hash", "buys", "customer", Map.of()))
                .add(new RowBlock(
                        List.copyOf(customers.keySet()),
                        new long[rowCount],
                        new RowBlock.NumberTarget(labels),
                        List.of(
                                new RowBlock.Numbers("orders", WEEKS, orders),
                                new RowBlock.Numbers("spend", WEEKS, spend))))
                .build();
    }

    private static SortedMap<String, Customer> customers() throws IOException {
        Path file = Path.of(
                System.getProperty("foresell.shared", "../../shared"), "data/online_retail/online_retail_lines.csv.gz");
        assumeThat(file).exists();
        SortedMap<String, Customer> customers = new TreeMap<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // invoice, stock code, quantity, time, price, customer, country
                String[] cells = line.split(",", -1);
                double quantity = Double.parseDouble(cells[2]);
                double price = Double.parseDouble(cells[4]);
                boolean isSale = quantity > 0 && price > 0 && !cells[0].startsWith("C") && !cells[0].startsWith("A");
                if (isSale && !cells[5].isEmpty() && GOODS.matcher(cells[1]).matches()) {
                    customers
                            .computeIfAbsent(cells[5], key -> new Customer())
                            .add(LocalDate.parse(cells[3].substring(0, 10)), cells[0], quantity * price);
                }
            }
        }
        return customers;
    }
}
