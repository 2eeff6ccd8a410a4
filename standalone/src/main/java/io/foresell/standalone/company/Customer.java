package io.foresell.standalone.company;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A customer as born: what never changes, and the habits that are not in any file.
 *
 * @param signupDay counted from the company's start; negative before it
 * @param weeklyOrders mean orders a week while content
 * @param weeklySessions mean visits a week while content
 */
record Customer(
        String id,
        int signupDay,
        int birthYear,
        String country,
        String channel,
        String device,
        boolean newsletter,
        String firstTier,
        String firstContract,
        double weeklyOrders,
        double weeklySessions,
        List<Integer> favouriteCategories) {

    static final List<String> TIERS = List.of("none", "bronze", "silver", "gold");
    static final List<String> CONTRACTS = List.of("none", "monthly", "annual");
    static final List<String> COUNTRIES = List.of("DE", "GB", "US", "FR", "CN", "SG", "TW");
    static final List<String> CHANNELS = List.of("search", "referral", "social", "discount_ads", "store");
    static final List<String> DEVICES = List.of("mobile", "desktop", "tablet");

    /** Makes up the customer with a number from 0. */
    static Customer of(Draws draws, int number, int categoryCount) {
        double weeklyOrders = clip(StrictMath.exp(-0.85 + 0.45 * draws.normal()), 0.2, 1.6);
        double weeklySessions = clip((3 + 3 * weeklyOrders) * StrictMath.exp(0.45 * draws.normal()), 1.5, 20);
        int signupDay = draws.chance(0.35)
                ? draws.between(-400, -1)
                : (int) ((DemoSettings.DAY_COUNT - 90) * StrictMath.sqrt(draws.uniform())); // the shop grows
        return new Customer(
                "C%05d".formatted(number),
                signupDay,
                clip((int) (1984 + 13 * draws.normal()), 1935, 2007),
                COUNTRIES.get(draws.weighted(24, 18, 22, 12, 14, 6, 4)),
                CHANNELS.get(draws.weighted(32, 16, 22, 18, 12)),
                DEVICES.get(draws.weighted(58, 34, 8)),
                draws.chance(0.55),
                TIERS.get(draws.weighted(52, 34, 11, 3)),
                CONTRACTS.get(draws.weighted(55, 30, 15)),
                weeklyOrders,
                weeklySessions,
                List.of(draws.between(0, categoryCount - 1), draws.between(0, categoryCount - 1)));
    }

    boolean speaksChinese() {
        return country.equals("CN") || country.equals("TW") || country.equals("SG");
    }

    private static double clip(double value, double low, double high) {
        return Math.min(high, Math.max(low, value));
    }

    private static int clip(int value, int low, int high) {
        return Math.min(high, Math.max(low, value));
    }

    /** What becomes of a profile over time: the tier and contract in force from a day on. */
    static final class Profile {
        private final TreeMap<Integer, String> tiers;
        private final TreeMap<Integer, String> contracts;

        Profile(Customer customer) {
            tiers = new TreeMap<>(Map.of(customer.signupDay(), customer.firstTier()));
            contracts = new TreeMap<>(Map.of(customer.signupDay(), customer.firstContract()));
        }

        String tier(int day) {
            return tiers.floorEntry(day).getValue();
        }

        String contract(int day) {
            return contracts.floorEntry(day).getValue();
        }

        void changeTier(int day, String tier) {
            tiers.put(day, tier);
        }

        void changeContract(int day, String contract) {
            contracts.put(day, contract);
        }
    }
}
