package io.foresell.standalone.company;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Writes what happens to one customer into the files, as the shop's systems would export it. */
final class CustomerDiary implements CustomerLife.Diary {
    private static final Duration PROMPT = Duration.ofMinutes(5);

    private final Customer customer;
    private final Customer.Profile profile;
    private final LocalDate start;
    private final CompanyFiles files;
    private final Draws draws;
    private int lineNumber;
    private int messageNumber;
    private int profileNumber;

    CustomerDiary(Customer customer, Customer.Profile profile, LocalDate start, CompanyFiles files, Draws draws) {
        this.customer = customer;
        this.profile = profile;
        this.start = start;
        this.files = files;
        this.draws = draws;
    }

    @Override
    public void bought(
            int day, int orderNumber, Catalogue.Product product, int quantity, double delayDays, boolean late) {
        lineNumber++;
        SalesCalendar.Promotion promotion = SalesCalendar.promotion(start.plusDays(day));
        Instant event = daytime(day, orderNumber);
        int priceCents = product.priceCents(day);
        long amountCents = Math.round(priceCents * quantity * (100 - promotion.discountPercent()) / 100.0);
        files.orders.write(event.plusSeconds((long) (delayDays * 86_400)), new String[] {
            customer.id() + "-L" + lineNumber,
            customer.id(),
            event.toString(),
            "",
            customer.id() + "-O" + orderNumber,
            product.id(),
            product.category(),
            Integer.toString(quantity),
            cents(priceCents),
            Integer.toString(promotion.discountPercent()),
            cents(amountCents),
            cents(Math.round(product.risePercent(day) * 100)),
            promotion.name(),
            late ? "late" : "on_time",
            cents(Math.round(delayDays * 100))
        });
    }

    @Override
    public void visited(int endDay, int sessions, int cartAdds) {
        Instant weekEnd = midnight(endDay).minus(Duration.ofHours(1));
        files.sessions.write(weekEnd.plus(Duration.ofHours(3)), new String[] {
            customer.id() + "-W" + endDay / 7,
            customer.id(),
            weekEnd.toString(),
            "",
            Integer.toString(sessions),
            Integer.toString(sessions * draws.between(3, 10)),
            Integer.toString(cartAdds),
            Integer.toString(sessions * draws.between(2, 9)),
            draws.chance(0.8) ? customer.device() : draws.pick(Customer.DEVICES)
        });
    }

    @Override
    public void wrote(int day, String topic, Catalogue.Product about) {
        messageNumber++;
        boolean chinese = customer.speaksChinese() && draws.chance(0.85);
        Instant event = daytime(day, messageNumber);
        files.messages.write(event.plus(PROMPT), new String[] {
            customer.id() + "-M" + messageNumber,
            customer.id(),
            event.toString(),
            "",
            draws.chance(0.6) ? "mail" : "chat",
            chinese ? "zh" : "en",
            SupportTexts.intent(topic),
            SupportTexts.mood(topic),
            SupportTexts.text(draws, topic, chinese, about.name())
        });
    }

    /** Writes the profile as it is from a day on. */
    @Override
    public void changed(int day) {
        profileNumber++;
        Instant event = daytime(day, profileNumber);
        files.customers.write(event.plus(PROMPT), new String[] {
            customer.id() + "-V" + profileNumber,
            customer.id(),
            event.toString(),
            "",
            start.plusDays(customer.signupDay()).toString(),
            Integer.toString(customer.birthYear()),
            customer.country(),
            customer.channel(),
            profile.tier(day),
            profile.contract(day),
            customer.newsletter() ? "yes" : "no",
            customer.device()
        });
    }

    private Instant midnight(int day) {
        return start.plusDays(day).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** Returns an instant between 7 and 23 o'clock; the same for one number of one customer, so that an order has one. */
    private Instant daytime(int day, int number) {
        long mixed = (customer.id().hashCode() * 31L + number) * 0x9E3779B97F4A7C15L;
        return midnight(day).plusSeconds(7 * 3600 + Math.floorMod(mixed >> 20, 16 * 3600));
    }

    /** Returns a number of hundredths with two decimals. */
    static String cents(long hundredths) {
        String sign = hundredths < 0 ? "-" : "";
        long size = Math.abs(hundredths);
        return sign + size / 100 + (size % 100 < 10 ? ".0" : ".") + size % 100;
    }
}
