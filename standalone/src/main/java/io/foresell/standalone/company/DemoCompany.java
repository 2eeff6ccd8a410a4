package io.foresell.standalone.company;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** Makes up a retailer and writes its files: two years of customers, orders, visits, messages and churn labels. */
public final class DemoCompany {
    private static final int CHURN_DAYS = 60;
    private static final int CUTOFF_COUNT = 9;
    private static final int DAYS_BETWEEN_CUTOFFS = 30;
    private static final int ACTIVE_DAYS = 60;
    private static final int LEAST_TENURE_DAYS = 56;

    private final DemoSettings settings;
    private final CompanyFiles files;
    private int labelCount;
    private int churnedCount;

    private DemoCompany(DemoSettings settings, CompanyFiles files) {
        this.settings = settings;
        this.files = files;
    }

    /**
     * Writes customers.csv, products.csv, orders.csv, sessions.csv, support_messages.csv, churn_labels.csv and planted.md.
     * Equal settings write equal bytes. Every CSV file has an event id (first column), event_time and recorded_at in
     * ISO-8601 UTC; rows are in order of customer and time. Takes about two seconds for 3000 customers.
     *
     * @param folder created when missing; files of these names are replaced
     * @return what was planted
     * @throws UncheckedIOException when a file cannot be written
     */
    public static Planted generate(DemoSettings settings, Path folder) {
        try {
            Files.createDirectories(folder);
            Planted planted;
            try (CompanyFiles files = new CompanyFiles(settings, folder)) {
                planted = new DemoCompany(settings, files).run();
            }
            Files.writeString(folder.resolve("planted.md"), PlantedReport.markdown(settings, planted));
            return planted;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private Planted run() {
        Catalogue catalogue = new Catalogue(settings.seed());
        catalogue.products().forEach(this::writePrices);
        for (int number = 0; number < settings.customerCount(); number++) {
            writeCustomer(number, catalogue);
        }
        return new Planted(
                ChurnMechanism.DRIVERS,
                files.facts(),
                labelCount,
                churnedCount,
                labelCount == 0 ? 0 : (double) churnedCount / labelCount);
    }

    private void writePrices(Catalogue.Product product) {
        int number = 0;
        for (Map.Entry<Integer, Integer> price : product.prices().entrySet()) {
            number++;
            Instant from = midnight(Math.max(0, price.getKey()));
            files.products.write(from.plusSeconds(60), new String[] {
                product.id() + "-V" + number,
                product.id(),
                from.toString(),
                "",
                product.name(),
                product.category(),
                CustomerDiary.cents(price.getValue()),
                CustomerDiary.cents(product.costCents())
            });
        }
    }

    private void writeCustomer(int number, Catalogue catalogue) {
        Customer customer =
                Customer.of(new Draws(settings.seed(), "customer", number), number, catalogue.categoryCount());
        Customer.Profile profile = new Customer.Profile(customer);
        LocalDate start = settings.startDate();
        CustomerDiary diary =
                new CustomerDiary(customer, profile, start, files, new Draws(settings.seed(), "diary", number));
        diary.changed(customer.signupDay());
        List<Integer> orderDays = new CustomerLife(
                        customer, profile, catalogue, start, new Draws(settings.seed(), "life", number), diary)
                .live();
        for (int i = CUTOFF_COUNT - 1; i >= 0; i--) {
            writeLabel(customer, orderDays, DemoSettings.DAY_COUNT - 1 - CHURN_DAYS - i * DAYS_BETWEEN_CUTOFFS);
        }
    }

    /** Writes the label of a customer who was active before the cutoff: left means no order in the 60 days after it. */
    private void writeLabel(Customer customer, List<Integer> orderDays, int cutoff) {
        boolean active = orderDays.stream().anyMatch(day -> day < cutoff && day >= cutoff - ACTIVE_DAYS);
        if (!active || customer.signupDay() > cutoff - LEAST_TENURE_DAYS) {
            return;
        }
        boolean churned = orderDays.stream().noneMatch(day -> day >= cutoff && day < cutoff + CHURN_DAYS);
        labelCount++;
        churnedCount += churned ? 1 : 0;
        files.labels.write(midnight(cutoff + CHURN_DAYS), new String[] {
            customer.id() + "-" + settings.startDate().plusDays(cutoff),
            customer.id(),
            midnight(cutoff).toString(),
            "",
            churned ? "yes" : "no"
        });
    }

    private Instant midnight(int day) {
        return settings.startDate().plusDays(day).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
