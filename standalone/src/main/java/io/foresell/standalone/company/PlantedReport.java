package io.foresell.standalone.company;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The answer sheet for people. */
final class PlantedReport {
    private PlantedReport() {}

    static String markdown(DemoSettings settings, Planted planted) {
        StringBuilder page = new StringBuilder("# What was planted in the demo company\n\n");
        page.append("Seed %d, %d customers, data from %s until the end of %s (UTC).\n\n"
                .formatted(
                        settings.seed(),
                        settings.customerCount(),
                        settings.startDate(),
                        settings.endDate().minusDays(1)));
        page.append(String.format(
                Locale.ROOT,
                "%d churn labels, %.1f %% of them left (no order in the 60 days after the cutoff).\n\n",
                planted.labelCount(),
                100 * planted.churnRate()));
        drivers(page, planted);
        files(page, planted);
        return page.toString();
    }

    private static void drivers(StringBuilder page, Planted planted) {
        page.append(
                "## Why customers leave\n\n| cause | features that show it | more of it means | how |\n|---|---|---|---|\n");
        for (Planted.Driver driver : planted.drivers()) {
            String value = driver.text().isEmpty() ? "" : " (" + driver.text() + ")";
            page.append("| %s | %s%s | %s churn | %s |\n"
                    .formatted(
                            driver.name(),
                            String.join(", ", driver.features()),
                            value,
                            driver.raisesChurn() ? "more" : "less",
                            driver.words()));
        }
        page.append(
                "\nBesides: 0.12 % a week leave without any sign, and rare buyers may buy nothing in 60 days by chance.\n");
    }

    private static void files(StringBuilder page, Planted planted) {
        page.append(
                "\n## Dirt\n\n| file | rows | duplicates | to quarantine | spoiled rows by kind |\n|---|---|---|---|---|\n");
        for (Map.Entry<String, Planted.FileFacts> file : new TreeMap<>(planted.files()).entrySet()) {
            Planted.FileFacts facts = file.getValue();
            page.append("| %s | %d | %d | %d | %s |\n"
                    .formatted(
                            file.getKey(),
                            facts.rowCount(),
                            facts.duplicateCount(),
                            facts.quarantinedCount(),
                            new TreeMap<>(facts.defectCounts())));
        }
    }
}
