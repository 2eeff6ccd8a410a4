package io.foresell.standalone.company;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCompanyTest {
    private static final LocalDate END = LocalDate.of(2026, 1, 1);

    @TempDir
    static Path folder;

    private static Planted planted;

    @BeforeAll
    static void generate() {
        planted = DemoCompany.generate(DemoSettings.until(END), folder);
    }

    @Test
    void writesTheSameBytesForTheSameInput(@TempDir Path first, @TempDir Path second, @TempDir Path third)
            throws Exception {
        DemoCompany.generate(new DemoSettings(7, END, 200), first);
        DemoCompany.generate(new DemoSettings(7, END, 200), second);
        DemoCompany.generate(new DemoSettings(8, END, 200), third);
        assertThat(digest(first)).isEqualTo(digest(second)).isNotEqualTo(digest(third));
        assertThat(digest(first)).startsWith("a1fe88457e817050");
    }

    private static String digest(Path folder) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                digest.update(file.getFileName().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(file));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    void isOfTheSizeOfARealShop() {
        assertThat(planted.labelCount()).isBetween(10_000, 18_000);
        assertThat(planted.churnRate()).isBetween(0.15, 0.25);
        assertThat(planted.files().get("customers.csv").rowCount()).isBetween(3_000, 4_500);
        assertThat(planted.files().get("orders.csv").rowCount()).isBetween(50_000, 100_000);
        assertThat(planted.files().get("sessions.csv").rowCount()).isBetween(80_000, 150_000);
        assertThat(planted.files().get("support_messages.csv").rowCount()).isBetween(4_000, 15_000);
    }

    @Test
    void countsTheRowsAndTheRepeatedRows() {
        planted.files().forEach((name, facts) -> {
            List<NamedCsvRecord> rows = CompanyCsv.rows(folder.resolve(name));
            Set<String> ids = new HashSet<>();
            long repeated =
                    rows.stream().filter(row -> !ids.add(row.getField(0))).count();
            assertThat(rows).as(name).hasSize(facts.rowCount());
            assertThat(repeated).as(name).isEqualTo(facts.duplicateCount());
        });
    }

    @Test
    void countsTheDirtThatIsInTheFiles() {
        Map<String, Integer> orders = planted.files().get("orders.csv").defectCounts();
        assertThat(count("orders.csv", "quantity", "-3")).isEqualTo(orders.get("negative_quantity"));
        assertThat(count("orders.csv", "quantity", "two")).isEqualTo(orders.get("text_in_number"));
        assertThat(count("orders.csv", "unit_price", "9999999.00")).isEqualTo(orders.get("absurd_price"));
        assertThat(count("orders.csv", "event_time", "2025-13-45")).isEqualTo(orders.get("bad_date"));
        assertThat(count("orders.csv", "discount_percent", "")).isEqualTo(orders.get("missing_value"));
        Map<String, Integer> customers = planted.files().get("customers.csv").defectCounts();
        assertThat(count("customers.csv", "birth_year", "1850")).isEqualTo(customers.get("outlier"));
        assertThat(count("customers.csv", "country", "Atlantis")).isEqualTo(customers.get("unknown_category"));
        assertThat(count("sessions.csv", "minutes", "99999"))
                .isEqualTo(planted.files().get("sessions.csv").defectCounts().get("outlier"));
        assertThat(late("sessions.csv"))
                .isEqualTo(planted.files().get("sessions.csv").defectCounts().get("late_event"));
    }

    private static int count(String file, String column, String text) {
        return (int) CompanyCsv.rows(folder.resolve(file)).stream()
                .filter(row -> row.getField(column).equals(text))
                .count();
    }

    private static int late(String file) {
        return (int) CompanyCsv.rows(folder.resolve(file)).stream()
                .filter(row -> Instant.parse(row.getField("event_time"))
                        .plusSeconds(2 * 86_400)
                        .isBefore(Instant.parse(row.getField("recorded_at"))))
                .count();
    }

    @Test
    void recordsNothingBeforeItHappensOrAfterTheEnd() {
        Instant end = DemoSettings.until(END).end();
        for (String name : planted.files().keySet()) {
            assertThat(CompanyCsv.rows(folder.resolve(name)).stream().filter(row -> isOutOfTime(row, end)))
                    .as(name)
                    .isEmpty();
        }
    }

    private static boolean isOutOfTime(NamedCsvRecord row, Instant end) {
        Instant recorded = Instant.parse(row.getField("recorded_at"));
        return !recorded.isBefore(end)
                || CompanyCsv.instant(row.getField("event_time"))
                        .map(event -> !event.isBefore(recorded))
                        .orElse(false);
    }

    @Test
    void labelsAgreeWithTheOrders() {
        Map<String, List<NamedCsvRecord>> orders = CompanyCsv.byCustomer(folder.resolve("orders.csv"));
        int wrong = 0;
        List<NamedCsvRecord> labels = CompanyCsv.rows(folder.resolve("churn_labels.csv"));
        for (NamedCsvRecord label : labels) {
            Instant cutoff = Instant.parse(label.getField("event_time"));
            boolean bought = orders.getOrDefault(label.getField("customer_id"), List.of()).stream()
                    .map(row -> Instant.parse(row.getField("event_time")))
                    .anyMatch(event -> !event.isBefore(cutoff) && event.isBefore(cutoff.plusSeconds(60 * 86_400)));
            wrong += bought == label.getField("churned").equals("no") ? 0 : 1;
        }
        // Only rows whose own date was spoiled, labels that were spoiled, or orders recorded after the end may
        // disagree.
        assertThat(wrong).isLessThan(labels.size() / 200);
    }

    @Test
    void everyDriverShowsInTheDataWithItsSign() {
        LabelledHistory history = new LabelledHistory(folder);
        Map<String, ToDoubleFunction<LabelledHistory.Moment>> measures = Map.of(
                "fading activity", LabelledHistory.Moment::visitTrend,
                "late deliveries", LabelledHistory.Moment::meanDelayDays,
                "complaints", LabelledHistory.Moment::complaintCount,
                "no loyalty programme", moment -> moment.is("loyalty_tier", "none"),
                "price rises", LabelledHistory.Moment::meanPriceRise,
                "annual contract", moment -> moment.is("contract", "annual"),
                "acquired by discount ads", moment -> moment.is("acquisition_channel", "discount_ads"));
        assertThat(planted.drivers()).extracting(Planted.Driver::name).hasSameElementsAs(measures.keySet());
        for (Planted.Driver driver : planted.drivers()) {
            double effect = history.effect(measures.get(driver.name()));
            System.out.printf("driver=\"%s\" effect=%.3f%n", driver.name(), effect);
            assertThat(driver.raisesChurn() ? effect : -effect)
                    .as(driver.name() + ": mean of those who left minus mean of the others, in standard deviations")
                    .isGreaterThan(0.05);
        }
    }

    @Test
    void writesTheAnswerSheet() throws IOException {
        assertThat(folder.resolve("planted.md"))
                .content()
                .contains("late deliveries")
                .contains("| orders.csv | " + planted.files().get("orders.csv").rowCount());
    }

    @Test
    void refusesACompanyWithoutCustomers() {
        assertThatThrownBy(() -> new DemoSettings(1, END, 0)).hasMessage("customer_count: 0 (expected: 10..100000)");
    }
}
