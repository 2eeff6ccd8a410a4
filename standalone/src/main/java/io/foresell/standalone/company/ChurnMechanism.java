package io.foresell.standalone.company;

import java.util.List;

/** Why customers leave: the weekly hazard, and how those who will leave fade out. */
final class ChurnMechanism {
    static final List<Planted.Driver> DRIVERS = List.of(
            new Planted.Driver(
                    "fading activity",
                    List.of("weekly_sessions", "weekly_orders", "days_since_order"),
                    false,
                    "",
                    "Who is about to leave visits and orders less from week to week for 8 to 14 weeks. Customers differ"
                            + " far more in their usual level than the decline changes it, and pauses of 2 to 4 weeks look"
                            + " like it in any total but end: the shape of the last weeks tells."),
            new Planted.Driver(
                    "late deliveries",
                    List.of("dispatch_delay_mean_90d", "late_line_count_90d"),
                    true,
                    "",
                    "Each late order line of the last 60 days (three at most) multiplies the weekly hazard by 2."),
            new Planted.Driver(
                    "complaints",
                    List.of("complaint_count_90d", "negative_message_count_90d"),
                    true,
                    "",
                    "Each complaint of the last 60 days (two at most) multiplies the weekly hazard by 2.7."),
            new Planted.Driver(
                    "no loyalty programme",
                    List.of("loyalty_tier"),
                    true,
                    "none",
                    "Hazard times 2 without a tier, times 0.5 with gold, against silver."),
            new Planted.Driver(
                    "price rises",
                    List.of("price_rise_mean_90d"),
                    true,
                    "",
                    "Ten percent more for what the customer bought in the last 90 days than half a year before multiply"
                            + " the hazard by 3.3."),
            new Planted.Driver(
                    "annual contract",
                    List.of("contract"),
                    false,
                    "annual",
                    "Hazard times 0.3 with an annual contract, times 1.2 without any."),
            new Planted.Driver(
                    "acquired by discount ads",
                    List.of("acquisition_channel"),
                    true,
                    "discount_ads",
                    "Hazard times 2; referred customers times 0.6."));

    private static final double BASE = -6.25;
    private static final double SUDDEN = 0.0012;

    private ChurnMechanism() {}

    /**
     * Returns the chance that a content customer starts to fade this week.
     *
     * @param lateLines late order lines of the last 60 days
     * @param complaints complaints of the last 60 days
     * @param risePercent mean price rise of what was bought in the last 90 days, percent
     */
    static double weeklyHazard(
            int lateLines, int complaints, double risePercent, String tier, String contract, String channel) {
        double logit = BASE
                + 0.7 * Math.min(3, lateLines)
                + 1.0 * Math.min(2, complaints)
                + 0.12 * Math.max(0, Math.min(25, risePercent));
        logit += switch (tier) {
            case "none" -> 0.7;
            case "bronze" -> 0.2;
            case "gold" -> -0.7;
            default -> 0;
        };
        logit += switch (contract) {
            case "annual" -> -1.2;
            case "none" -> 0.2;
            default -> 0;
        };
        logit += switch (channel) {
            case "discount_ads" -> 0.7;
            case "referral" -> -0.5;
            default -> 0;
        };
        return 1 / (1 + StrictMath.exp(-logit));
    }

    /** Returns the chance to leave this week without any sign before. */
    static double suddenHazard() {
        return SUDDEN;
    }

    /**
     * Returns what is left of usual activity after some weeks of fading, in (0, 1].
     *
     * @param lead by how many weeks the activity runs ahead; visits fade before orders
     */
    static double fading(int weeks, int length, double lead) {
        return Math.max(0.03, 1 - (weeks + lead) / length);
    }
}
