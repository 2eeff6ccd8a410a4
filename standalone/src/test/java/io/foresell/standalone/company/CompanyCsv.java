package io.foresell.standalone.company;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a file of the company back, independently of how it was written. */
final class CompanyCsv {
    private CompanyCsv() {}

    static List<NamedCsvRecord> rows(Path file) {
        try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(file)) {
            return reader.stream().toList();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Returns rows with a readable event time by customer, in order of event time. */
    static Map<String, List<NamedCsvRecord>> byCustomer(Path file) {
        Map<String, List<NamedCsvRecord>> byCustomer = new HashMap<>();
        for (NamedCsvRecord row : rows(file)) {
            if (instant(row.getField("event_time")).isPresent()) {
                byCustomer
                        .computeIfAbsent(row.getField("customer_id"), id -> new ArrayList<>())
                        .add(row);
            }
        }
        byCustomer.values().forEach(rows -> rows.sort(Comparator.comparing(row -> row.getField("event_time"))));
        return byCustomer;
    }

    /** Returns the rows that happened in the days before an instant and were known then. */
    static List<NamedCsvRecord> known(List<NamedCsvRecord> rows, Instant asOf, double days) {
        Instant from = asOf.minusSeconds((long) (days * 86_400));
        return rows.stream()
                .filter(row -> {
                    Instant event = Instant.parse(row.getField("event_time"));
                    Instant recorded = Instant.parse(row.getField("recorded_at"));
                    return event.isAfter(from) && !event.isAfter(asOf) && !recorded.isAfter(asOf);
                })
                .toList();
    }

    static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException notAnInstant) {
            return Optional.empty();
        }
    }

    static Optional<Double> number(String text) {
        try {
            return Optional.of(Double.parseDouble(text));
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }
}
