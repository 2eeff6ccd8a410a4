package io.foresell.inference.admit;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one caller may ask for.
 *
 * @param caller its name
 * @param rowsPerSecond 1 to 100,000,000
 * @param burstRows rows at once after a pause, 1 to 1,000,000,000
 */
public record Quota(String caller, int rowsPerSecond, int burstRows) {
    private static final String EXPECTED =
            "caller:rows a second[:rows at once], separated by commas, e.g. crm:500:5000,shop:2000";

    public Quota {
        if (caller.isEmpty() || rowsPerSecond < 1 || rowsPerSecond > 100_000_000 || burstRows < 1 || burstRows > 1e9) {
            throw new IllegalArgumentException("quota: %s:%d:%d".formatted(caller, rowsPerSecond, burstRows));
        }
    }

    /**
     * Reads the quotas of several callers; without a burst a caller has that of two seconds.
     *
     * @throws ServiceException INVALID_ARGUMENT naming the key
     */
    public static List<Quota> parse(String key, String text) {
        List<Quota> quotas = new ArrayList<>();
        Set<String> callers = new HashSet<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
            Quota quota = parseOne(key, text, part.strip().split(":", -1));
            if (!callers.add(quota.caller())) {
                throw wrong(key, text, null);
            }
            quotas.add(quota);
        }
        return List.copyOf(quotas);
    }

    private static Quota parseOne(String key, String text, String[] words) {
        try {
            int rowsPerSecond = Integer.parseInt(words[1]);
            int burst = words.length == 2 ? (int) Math.min(1e9, 2.0 * rowsPerSecond) : Integer.parseInt(words[2]);
            if (words.length > 3) {
                throw wrong(key, text, null);
            }
            return new Quota(words[0], rowsPerSecond, burst);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw wrong(key, text, e);
        }
    }

    private static ServiceException wrong(String key, String text, @org.jspecify.annotations.Nullable Throwable cause) {
        return new ServiceException(Failure.invalid("SETTING_INVALID", key, text, EXPECTED), cause);
    }
}
