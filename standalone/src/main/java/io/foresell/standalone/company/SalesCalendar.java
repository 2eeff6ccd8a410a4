package io.foresell.standalone.company;

import java.time.LocalDate;
import java.time.MonthDay;
import java.util.List;

/** Knows the year of the shop: seasons, days of the week and promotions. */
final class SalesCalendar {
    /** A yearly promotion from its first to its last day, both included. */
    record Promotion(String name, MonthDay first, MonthDay last, int discountPercent, double orderFactor) {
        boolean covers(MonthDay day) {
            return !day.isBefore(first) && !day.isAfter(last);
        }
    }

    static final List<Promotion> PROMOTIONS = List.of(
            new Promotion("new_year", MonthDay.of(1, 2), MonthDay.of(1, 8), 15, 1.3),
            new Promotion("spring_sale", MonthDay.of(3, 20), MonthDay.of(3, 29), 10, 1.3),
            new Promotion("summer_sale", MonthDay.of(6, 25), MonthDay.of(7, 8), 20, 1.4),
            new Promotion("back_to_school", MonthDay.of(8, 25), MonthDay.of(9, 3), 10, 1.2),
            new Promotion("singles_day", MonthDay.of(11, 9), MonthDay.of(11, 12), 25, 1.8),
            new Promotion("black_friday", MonthDay.of(11, 24), MonthDay.of(11, 30), 25, 1.7),
            new Promotion("christmas", MonthDay.of(12, 8), MonthDay.of(12, 22), 10, 1.4));

    private static final Promotion NONE = new Promotion("none", MonthDay.of(1, 1), MonthDay.of(1, 1), 0, 1);

    /** Order factors of the months, January first; their mean is about 1. */
    private static final double[] MONTHS = {0.92, 0.9, 0.97, 1.0, 1.0, 0.98, 0.9, 0.88, 0.98, 1.03, 1.15, 1.25};

    /** Order weights of the days of the week, Monday first. */
    private static final double[] WEEKDAYS = {0.9, 0.85, 0.9, 0.95, 1.1, 1.35, 1.25};

    private SalesCalendar() {}

    /** Returns the promotion of a day, or one named "none". */
    static Promotion promotion(LocalDate day) {
        MonthDay monthDay = MonthDay.from(day);
        for (Promotion promotion : PROMOTIONS) {
            if (promotion.covers(monthDay)) {
                return promotion;
            }
        }
        return NONE;
    }

    /** Returns how many more orders than on an average day a day has. */
    static double orderFactor(LocalDate day) {
        return MONTHS[day.getMonthValue() - 1]
                * WEEKDAYS[day.getDayOfWeek().getValue() - 1]
                * promotion(day).orderFactor();
    }

    /** Returns the share of parcels that leave late; more in the weeks before Christmas. */
    static double lateShare(LocalDate day) {
        return day.getMonthValue() == 12 ? 0.17 : 0.09;
    }
}
