package io.foresell.standalone.company;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Lives one customer's two years week by week: buys, visits, writes, and perhaps leaves. Used once. */
final class CustomerLife {
    private static final int DRIVER_DAYS = 60;
    private static final int PRICE_DAYS = 90;

    /** An order line that was late or not, as the churn mechanism remembers it. */
    private record Bought(int day, boolean late, double risePercent) {}

    /** Where the story goes. */
    interface Diary {
        /** A line of an order; {@code delayDays} is the time until it left the warehouse. */
        void bought(int day, int orderNumber, Catalogue.Product product, int quantity, double delayDays, boolean late);

        /** The visits of the week that ends before {@code endDay}. */
        void visited(int endDay, int sessions, int cartAdds);

        void wrote(int day, String topic, Catalogue.Product about);

        void changed(int day);
    }

    private final Customer customer;
    private final Customer.Profile profile;
    private final Catalogue catalogue;
    private final LocalDate start;
    private final Draws draws;
    private final Diary diary;
    private final List<Bought> bought = new ArrayList<>();
    private final List<Integer> orderDays = new ArrayList<>();
    private final List<Integer> complaintDays = new ArrayList<>();
    private int orderNumber;
    private int fadingWeeks = -1;
    private int fadingLength;
    private int pauseWeeks;

    CustomerLife(
            Customer customer,
            Customer.Profile profile,
            Catalogue catalogue,
            LocalDate start,
            Draws draws,
            Diary diary) {
        this.customer = customer;
        this.profile = profile;
        this.catalogue = catalogue;
        this.start = start;
        this.draws = draws;
        this.diary = diary;
    }

    /** Lives until the customer leaves or the data ends. Returns the days with an order, in order of time. */
    List<Integer> live() {
        for (int week = Math.max(0, customer.signupDay() / 7 + 1); week < DemoSettings.WEEK_COUNT; week++) {
            decide(week * 7);
            if (fadingWeeks >= fadingLength && fadingWeeks >= 0) {
                break;
            }
            liveWeek(week * 7);
        }
        orderDays.sort(null);
        return orderDays;
    }

    private void decide(int day) {
        if (fadingWeeks >= 0) {
            fadingWeeks++;
        } else if (draws.chance(ChurnMechanism.suddenHazard())) {
            fadingWeeks = 0;
            fadingLength = 0;
        } else if (draws.chance(hazard(day))) {
            fadingWeeks = 0;
            fadingLength = draws.between(8, 14);
        }
        if (pauseWeeks > 0) {
            pauseWeeks--;
        } else if (draws.chance(0.02)) {
            pauseWeeks = draws.between(2, 4);
        }
    }

    private double hazard(int day) {
        int late = 0;
        int priced = 0;
        double rise = 0;
        for (int i = bought.size() - 1; i >= 0 && bought.get(i).day() >= day - PRICE_DAYS; i--) {
            Bought line = bought.get(i);
            late += line.late() && line.day() >= day - DRIVER_DAYS ? 1 : 0;
            priced++;
            rise += line.risePercent();
        }
        int complaints =
                (int) complaintDays.stream().filter(d -> d >= day - DRIVER_DAYS).count();
        return ChurnMechanism.weeklyHazard(
                late,
                complaints,
                priced == 0 ? 0 : rise / priced,
                profile.tier(day),
                profile.contract(day),
                customer.channel());
    }

    private void liveWeek(int firstDay) {
        double pause = pauseWeeks > 0 ? 0.08 : 1;
        double orders = fadingWeeks < 0 ? 1 : ChurnMechanism.fading(fadingWeeks, fadingLength, 0);
        double visits = fadingWeeks < 0 ? 1 : ChurnMechanism.fading(fadingWeeks, fadingLength, 3);
        for (int day = firstDay; day < firstDay + 7; day++) {
            double factor = SalesCalendar.orderFactor(start.plusDays(day));
            int count = draws.poisson(customer.weeklyOrders() / 7 * factor * orders * pause);
            for (int i = 0; i < count; i++) {
                order(day);
            }
        }
        int sessions = draws.poisson(customer.weeklySessions() * visits * pause);
        if (sessions > 0) {
            diary.visited(firstDay + 7, sessions, draws.poisson(sessions * 0.35));
        }
        write(firstDay);
        changeProfile(firstDay);
    }

    private void order(int day) {
        orderNumber++;
        orderDays.add(day);
        boolean late = draws.chance(SalesCalendar.lateShare(start.plusDays(day)));
        double delayDays = late ? draws.between(5.0, 10.0) : draws.between(0.3, 1.6);
        int lines = 1 + draws.weighted(70, 22, 8);
        Catalogue.Product product = favourite();
        for (int line = 0; line < lines; line++) {
            int quantity = 1 + draws.weighted(72, 18, 7, 3);
            diary.bought(day, orderNumber, product, quantity, delayDays, late);
            bought.add(new Bought(day, late, product.risePercent(day)));
            product = favourite();
        }
        if (late && draws.chance(0.3)) {
            complain(day + (int) delayDays, SupportTexts.LATE_COMPLAINT, product);
        } else if (product.risePercent(day) > 8 && draws.chance(0.04)) {
            complain(day + 1, SupportTexts.PRICE_COMPLAINT, product);
        }
    }

    private Catalogue.Product favourite() {
        int category = draws.chance(0.8)
                ? draws.pick(customer.favouriteCategories())
                : draws.between(0, catalogue.categoryCount() - 1);
        return catalogue.pick(draws, category);
    }

    private void write(int firstDay) {
        int day = firstDay + draws.between(0, 6);
        double mood = draws.uniform();
        if (mood < 0.005) {
            complain(day, SupportTexts.QUALITY_COMPLAINT, favourite());
        } else if (mood < 0.022) {
            diary.wrote(day, SupportTexts.QUESTION, favourite());
        } else if (mood < 0.028) {
            diary.wrote(day, SupportTexts.RETURN, favourite());
        } else if (mood < 0.036 && fadingWeeks < 0) {
            diary.wrote(day, SupportTexts.PRAISE, favourite());
        } else if (mood > 0.985 && fadingWeeks > 2) {
            diary.wrote(day, SupportTexts.CANCELLATION, favourite());
        }
    }

    private void complain(int day, String topic, Catalogue.Product about) {
        complaintDays.add(day);
        diary.wrote(day, topic, about);
    }

    private void changeProfile(int day) {
        if (fadingWeeks >= 0) {
            return;
        }
        int tier = Customer.TIERS.indexOf(profile.tier(day));
        int contract = Customer.CONTRACTS.indexOf(profile.contract(day));
        if (tier < 3 && draws.chance(0.003)) {
            profile.changeTier(day + 1, Customer.TIERS.get(tier + 1));
            diary.changed(day + 1);
        } else if (contract < 2 && draws.chance(0.002)) {
            profile.changeContract(day + 1, Customer.CONTRACTS.get(contract + 1));
            diary.changed(day + 1);
        }
    }
}
