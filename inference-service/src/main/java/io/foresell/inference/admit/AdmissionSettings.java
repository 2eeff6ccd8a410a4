package io.foresell.inference.admit;

import io.foresell.kit.Settings;
import java.util.List;

/**
 * What bounds the work of the server.
 *
 * @param minCalls the least limit of calls in flight, 1 to {@code maxCalls}
 * @param maxCalls the greatest, 1 to 100,000
 * @param maxCallsPerConnection calls at once that a connection may send, streams included, 8 to 100,000; further ones wait at the caller
 * @param maxStreams score streams at once, 1 to 100,000
 * @param maxBulkStreams bulk streams at once, 1 to 1000
 * @param defaultRowsPerSecond quota of callers without one of their own, 0 to 100,000,000; 0 is none
 * @param quotas of callers by name
 */
public record AdmissionSettings(
        int minCalls,
        int maxCalls,
        int maxCallsPerConnection,
        int maxStreams,
        int maxBulkStreams,
        int defaultRowsPerSecond,
        List<Quota> quotas) {
    private static final int DEFAULT_MIN_CALLS = 16;

    /** One connection saturates the server and fills the queue of large batches; small requests of eight still wait about as long as is borne. */
    private static final int DEFAULT_CALLS_PER_CONNECTION = 128;

    public AdmissionSettings {
        quotas = List.copyOf(quotas);
        if (minCalls < 1 || minCalls > maxCalls) {
            throw new IllegalArgumentException("least calls: %d (expected: 1..%d)".formatted(minCalls, maxCalls));
        }
    }

    /** Reads the settings; {@code maxCalls} is the process's bound on concurrent calls. */
    public static AdmissionSettings read(Settings settings, int maxCalls) {
        return new AdmissionSettings(
                settings.integer(
                        "admit.min-calls",
                        Math.min(DEFAULT_MIN_CALLS, maxCalls),
                        1,
                        maxCalls,
                        "calls in flight that are admitted however slow answers are"),
                maxCalls,
                settings.integer(
                        "admit.max-calls-per-connection",
                        DEFAULT_CALLS_PER_CONNECTION,
                        8,
                        100_000,
                        "calls at once over one connection; further ones wait at the caller"),
                settings.integer("admit.max-streams", 256, 1, 100_000, "score streams at once"),
                settings.integer("admit.max-bulk-streams", 8, 1, 1000, "bulk streams at once"),
                settings.integer(
                        "admit.rows-per-second",
                        0,
                        0,
                        100_000_000,
                        "quota of each caller that has none of its own; 0 is none"),
                Quota.parse(
                        "admit.quotas",
                        settings.text(
                                "admit.quotas", "", "quotas by caller, caller:rows a second[:rows at once],...")));
    }

    /** Settings for tests and embedding. */
    public static AdmissionSettings local(int maxCalls) {
        return new AdmissionSettings(
                Math.min(DEFAULT_MIN_CALLS, maxCalls), maxCalls, DEFAULT_CALLS_PER_CONNECTION, 64, 4, 0, List.of());
    }
}
