package io.foresell.standalone.company;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Says which company to make up.
 *
 * @param seed decides everything random
 * @param endDate the first day without data, UTC; the two years before it are filled
 * @param customerCount 10 to 100000
 */
public record DemoSettings(long seed, LocalDate endDate, int customerCount) {
    static final int WEEK_COUNT = 104;
    static final int DAY_COUNT = WEEK_COUNT * 7;

    public DemoSettings {
        if (customerCount < 10 || customerCount > 100_000) {
            throw new IllegalArgumentException("customer_count: %d (expected: 10..100000)".formatted(customerCount));
        }
    }

    /** Returns the company of the demo: seed 20, 3000 customers. */
    public static DemoSettings until(LocalDate endDate) {
        return new DemoSettings(20, endDate, 3_000);
    }

    /** Returns the first day with data; days are counted from it. */
    LocalDate startDate() {
        return endDate.minusDays(DAY_COUNT);
    }

    /** Returns the first instant without data: nothing was recorded at or after it. */
    Instant end() {
        return endDate.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
