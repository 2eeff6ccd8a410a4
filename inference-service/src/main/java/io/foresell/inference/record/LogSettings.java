package io.foresell.inference.record;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.kit.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which predictions are logged, and how many may wait.
 *
 * @param percent of subjects, 0 to 100; 0 logs nothing
 * @param bulkPercent of subjects in bulk streams, 0 to 100
 * @param models rates of models that have one of their own
 * @param queueRecords answers that wait at most, 16 to 1,000,000
 * @param queueBytes memory that they hold at most, 1 MB or more
 */
public record LogSettings(int percent, int bulkPercent, Map<String, Rate> models, int queueRecords, long queueBytes) {
    private static final long MEGABYTE = 1_000_000;
    private static final String NO_FEATURES = "no-features";
    private static final String EXPECTED =
            "model:percent[:no-features], separated by commas, e.g. churn:100,next_offer:5:no-features";

    /**
     * The rate of one model.
     *
     * @param percent of subjects, 0 to 100
     * @param hasFeatures whether features are recorded; without them a prediction cannot be replayed
     */
    public record Rate(int percent, boolean hasFeatures) {
        public Rate {
            requireRange("percent", percent, 0, 100);
        }
    }

    public LogSettings {
        models = Map.copyOf(models);
        requireRange("percent", percent, 0, 100);
        requireRange("bulk percent", bulkPercent, 0, 100);
        requireRange("queue records", queueRecords, 16, 1_000_000);
        requireRange("queue bytes", queueBytes, MEGABYTE, 100_000 * MEGABYTE);
    }

    private static void requireRange(String what, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("%s: %d (expected: %d..%d)".formatted(what, value, min, max));
        }
    }

    public static LogSettings read(Settings settings) {
        return new LogSettings(
                settings.integer(
                        "prediction-log.percent", 10, 0, 100, "share of subjects whose predictions are logged"),
                settings.integer(
                        "prediction-log.bulk-percent", 1, 0, 100, "share of subjects in bulk streams that are logged"),
                parse(settings.text(
                        "prediction-log.models", "", "rates of single models, model:percent[:no-features],...")),
                settings.integer(
                        "prediction-log.queue-records", 20_000, 16, 1_000_000, "answers that wait to be logged"),
                MEGABYTE
                        * settings.integer(
                                "prediction-log.queue-megabytes",
                                64,
                                1,
                                100_000,
                                "memory of answers that wait to be logged"));
    }

    /** Settings for embedding, as on a laptop: every prediction is logged, but for those of bulk streams. */
    public static LogSettings local() {
        return new LogSettings(100, 1, Map.of(), 10_000, 32 * MEGABYTE);
    }

    private static Map<String, Rate> parse(String text) {
        Map<String, Rate> models = new LinkedHashMap<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
            String[] words = part.strip().split(":", -1);
            boolean isFull = words.length == 3 && words[2].equals(NO_FEATURES);
            if (words[0].isEmpty()
                    || (words.length != 2 && !isFull)
                    || models.put(words[0], rate(text, words)) != null) {
                throw wrong(text, null);
            }
        }
        return models;
    }

    private static Rate rate(String text, String[] words) {
        try {
            return new Rate(Integer.parseInt(words[1]), words.length == 2);
        } catch (IllegalArgumentException e) {
            throw wrong(text, e);
        }
    }

    private static ServiceException wrong(String text, @Nullable Throwable cause) {
        return new ServiceException(Failure.invalid("SETTING_INVALID", "prediction-log.models", text, EXPECTED), cause);
    }
}
