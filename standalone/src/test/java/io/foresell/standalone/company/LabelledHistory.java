package io.foresell.standalone.company;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The labels of a company, each with what was known about its customer then: measured from the files alone. */
final class LabelledHistory {
    private final List<Moment> moments = new ArrayList<>();

    /** One label and what was known at its instant. */
    record Moment(
            Instant asOf,
            boolean churned,
            NamedCsvRecord profile,
            List<NamedCsvRecord> orders,
            List<NamedCsvRecord> sessions,
            List<NamedCsvRecord> messages) {
        double is(String column, String text) {
            return profile.getField(column).equals(text) ? 1 : 0;
        }

        double meanDelayDays() {
            return mean("dispatch_delay_days");
        }

        double meanPriceRise() {
            return mean("price_rise_percent");
        }

        private double mean(String column) {
            return CompanyCsv.known(orders, asOf, 90).stream()
                    .mapToDouble(row -> Double.parseDouble(row.getField(column)))
                    .average()
                    .orElse(Double.NaN);
        }

        double complaintCount() {
            return CompanyCsv.known(messages, asOf, 90).stream()
                    .filter(row -> row.getField("intent").equals("complaint"))
                    .count();
        }

        /** Returns visits of the last 4 weeks less half of those of the 8 before, in units of their sum; NaN without. */
        double visitTrend() {
            double late = visits(28);
            double early = (visits(84) - late) / 2;
            return late + early == 0 ? Double.NaN : (late - early) / (late + early);
        }

        private double visits(int days) {
            return CompanyCsv.known(sessions, asOf, days).stream()
                    .mapToDouble(row ->
                            CompanyCsv.number(row.getField("session_count")).orElse(0.0))
                    .sum();
        }
    }

    LabelledHistory(Path folder) {
        Map<String, List<NamedCsvRecord>> profiles = CompanyCsv.byCustomer(folder.resolve("customers.csv"));
        Map<String, List<NamedCsvRecord>> orders = CompanyCsv.byCustomer(folder.resolve("orders.csv"));
        Map<String, List<NamedCsvRecord>> sessions = CompanyCsv.byCustomer(folder.resolve("sessions.csv"));
        Map<String, List<NamedCsvRecord>> messages = CompanyCsv.byCustomer(folder.resolve("support_messages.csv"));
        for (NamedCsvRecord label : CompanyCsv.rows(folder.resolve("churn_labels.csv"))) {
            String id = label.getField("customer_id");
            Instant asOf = Instant.parse(label.getField("event_time"));
            List<NamedCsvRecord> known = CompanyCsv.known(profiles.getOrDefault(id, List.of()), asOf, 2000);
            if (!known.isEmpty()) {
                moments.add(new Moment(
                        asOf,
                        label.getField("churned").equals("yes"),
                        known.get(known.size() - 1),
                        orders.getOrDefault(id, List.of()),
                        sessions.getOrDefault(id, List.of()),
                        messages.getOrDefault(id, List.of())));
            }
        }
    }

    /** Returns the mean of those who left minus the mean of the others, in standard deviations of all. */
    double effect(ToDoubleFunction<Moment> measure) {
        double[] sums = new double[2];
        int[] counts = new int[2];
        double squares = 0;
        for (Moment moment : moments) {
            double value = measure.applyAsDouble(moment);
            if (!Double.isNaN(value)) {
                sums[moment.churned() ? 1 : 0] += value;
                counts[moment.churned() ? 1 : 0]++;
                squares += value * value;
            }
        }
        int all = counts[0] + counts[1];
        double mean = (sums[0] + sums[1]) / all;
        return (sums[1] / counts[1] - sums[0] / counts[0]) / Math.sqrt(squares / all - mean * mean);
    }
}
