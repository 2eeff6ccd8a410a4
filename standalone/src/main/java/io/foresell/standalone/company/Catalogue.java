package io.foresell.standalone.company;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The products of the shop and what they cost when. */
final class Catalogue {
    static final int PRODUCT_COUNT = 200;

    private static final List<Category> CATEGORIES = List.of(
            new Category("coffee", 6, 30, List.of("Espresso Beans", "Filter Roast", "Decaf", "Capsules", "Cold Brew")),
            new Category("tea", 4, 25, List.of("Green Tea", "Oolong", "Jasmine Tea", "Earl Grey", "Matcha")),
            new Category("kitchen", 8, 120, List.of("Kettle", "Pan", "Grinder", "Knife", "Scale")),
            new Category("home", 5, 90, List.of("Lamp", "Candle", "Blanket", "Vase", "Basket")),
            new Category("care", 3, 40, List.of("Soap", "Hand Cream", "Shampoo", "Bath Salt", "Balm")),
            new Category("snacks", 2, 18, List.of("Biscuits", "Dark Chocolate", "Nuts", "Granola", "Dried Mango")),
            new Category("outdoor", 10, 150, List.of("Thermos", "Backpack", "Picnic Set", "Headlamp", "Hammock")),
            new Category("pets", 4, 60, List.of("Cat Food", "Dog Treats", "Litter", "Leash", "Toy Mouse")));
    private static final List<String> LINES =
            List.of("Classic", "Nordic", "Harbour", "Studio", "Meadow", "Peak", "Atelier", "Everyday");

    private record Category(String name, double lowPrice, double highPrice, List<String> nouns) {}

    /** A product; {@code prices} maps the first day of a price, counted from the company's start, to cents. */
    record Product(String id, String name, String category, int costCents, TreeMap<Integer, Integer> prices) {
        int priceCents(int day) {
            return prices.floorEntry(day).getValue();
        }

        /** Returns by how many percent the price of a day is above that of half a year before. */
        double risePercent(int day) {
            return 100.0 * priceCents(day) / priceCents(day - 180) - 100;
        }
    }

    private final List<Product> products;
    private final List<List<Product>> byCategory;

    Catalogue(long seed) {
        Draws draws = new Draws(seed, "catalogue", 0);
        products = new ArrayList<>();
        byCategory = new ArrayList<>();
        CATEGORIES.forEach(category -> byCategory.add(new ArrayList<>()));
        for (int i = 0; i < PRODUCT_COUNT; i++) {
            int index = i % CATEGORIES.size();
            Product product = product(draws, i, CATEGORIES.get(index));
            products.add(product);
            byCategory.get(index).add(product);
        }
    }

    private static Product product(Draws draws, int number, Category category) {
        String name = LINES.get(number / CATEGORIES.size() % LINES.size()) + " "
                + category.nouns()
                        .get(number / CATEGORIES.size() % category.nouns().size());
        double spread = draws.uniform() * draws.uniform();
        int cents = (int) (100 * (category.lowPrice() + spread * (category.highPrice() - category.lowPrice())));
        TreeMap<Integer, Integer> prices = new TreeMap<>();
        prices.put(-100_000, cents);
        int price = cents;
        int day = draws.between(20, 400);
        while (day < DemoSettings.DAY_COUNT) {
            boolean rises = draws.chance(0.75);
            price = (int) (price * (rises ? draws.between(1.08, 1.32) : draws.between(0.88, 0.97)));
            prices.put(day, price);
            day += draws.between(150, 400);
        }
        return new Product("P%03d".formatted(number), name, category.name(), (int) (cents * 0.55), prices);
    }

    List<Product> products() {
        return products;
    }

    int categoryCount() {
        return byCategory.size();
    }

    Product pick(Draws draws, int category) {
        return draws.pick(byCategory.get(category));
    }
}
