package io.foresell.kit;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The settings of one process, read once at start: a properties file, overridden by environment variables. The key
 * {@code mongo.uri} is the variable {@code FORESELL_MONGO_URI}. Every key is declared by the read that uses it; call
 * {@link #refuseUnknown} when all have been read. Not thread-safe.
 */
public final class Settings {
    /** What one key is: for printing at start, for documentation and for checking manifests. */
    public record Key(String name, String defaultValue, String description, String value) {
        /** Returns the environment variable that sets the key. */
        public String variable() {
            return variableOf(name);
        }
    }

    private static final String PREFIX = "FORESELL_";

    private final Map<String, String> values = new TreeMap<>();
    private final Map<String, Key> declared = new LinkedHashMap<>();
    private final String origin;
    private final Map<String, String> environment;

    private Settings(String origin, Map<String, String> environment) {
        this.origin = origin;
        this.environment = Map.copyOf(environment);
    }

    /** Reads values given in memory, e.g. for tests and for embedding a service. */
    public static Settings of(Map<String, String> values) {
        Settings settings = new Settings("settings", Map.of());
        settings.values.putAll(values);
        return settings;
    }

    /**
     * Reads the properties file named by the one argument, if any, and the environment.
     *
     * @throws ServiceException when the file cannot be read
     */
    public static Settings load(String[] arguments, Map<String, String> environment) {
        if (arguments.length > 1) {
            throw new ServiceException(Failure.invalid(
                    "ARGUMENT_UNKNOWN", "argument", arguments[1], "at most one argument, a properties file"));
        }
        if (arguments.length == 0) {
            return new Settings("environment", environment);
        }
        Path file = Path.of(arguments[0]);
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new ServiceException(
                    Failure.invalid(
                            "SETTINGS_UNREADABLE", "settings", file.toString(), "a readable properties file in UTF-8"),
                    e);
        }
        Settings settings = new Settings(file.toString(), environment);
        properties.stringPropertyNames().forEach(name -> settings.values.put(name, properties.getProperty(name)));
        return settings;
    }

    private static String variableOf(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private String declare(String key, String defaultValue, String description, boolean isSecret) {
        String value = environment
                .getOrDefault(variableOf(key), values.getOrDefault(key, defaultValue))
                .strip();
        String shown = isSecret && !value.isEmpty() ? "(secret)" : value;
        declared.put(key, new Key(key, defaultValue, description, shown));
        return value;
    }

    public String text(String key, String defaultValue, String description) {
        return declare(key, defaultValue, description, false);
    }

    /** Reads a value that is never printed. Its default is empty. */
    public String secret(String key, String description) {
        return declare(key, "", description, true);
    }

    public Path path(String key, String defaultValue, String description) {
        return Path.of(text(key, defaultValue, description));
    }

    public boolean flag(String key, boolean defaultValue, String description) {
        String value = text(key, Boolean.toString(defaultValue), description);
        if (!value.equals("true") && !value.equals("false")) {
            throw wrong(key, value, "true or false");
        }
        return value.equals("true");
    }

    public int integer(String key, int defaultValue, int min, int max, String description) {
        String value = text(key, Integer.toString(defaultValue), description);
        String expected = "a whole number in %d..%d".formatted(min, max);
        try {
            int number = Integer.parseInt(value);
            if (number < min || number > max) {
                throw wrong(key, value, expected);
            }
            return number;
        } catch (NumberFormatException e) {
            throw wrong(key, value, expected);
        }
    }

    /** Reads a duration such as {@code 250ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 7d} or ISO-8601 {@code PT10S}. */
    public Duration duration(String key, Duration defaultValue, Duration min, Duration max, String description) {
        String value = text(key, defaultValue.toString(), description);
        String expected = "a duration in %s..%s, e.g. 250ms, 10s, 5m or PT10S".formatted(min, max);
        try {
            Duration duration = parseDuration(value);
            if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
                throw wrong(key, value, expected);
            }
            return duration;
        } catch (DateTimeParseException | ArithmeticException | NumberFormatException e) {
            throw wrong(key, value, expected);
        }
    }

    private static Duration parseDuration(String value) {
        String text = value.toUpperCase(Locale.ROOT);
        if (text.endsWith("MS")) {
            return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
        }
        if (text.startsWith("P")) {
            return Duration.parse(text);
        }
        return Duration.parse(text.endsWith("D") ? "P" + text : "PT" + text);
    }

    private ServiceException wrong(String key, String value, String expected) {
        return new ServiceException(
                Failure.invalid("SETTING_INVALID", key, value, expected).with("variable", variableOf(key)));
    }

    /**
     * Call after all reads: a key in the file that nothing read is a mistake.
     *
     * @throws ServiceException naming the unknown keys, each with the nearest known one
     */
    public void refuseUnknown() {
        List<Failure.FieldViolation> unknown = new ArrayList<>();
        for (String key : values.keySet()) {
            if (!declared.containsKey(key)) {
                unknown.add(new Failure.FieldViolation(
                        key,
                        "unknown setting in %s (nearest known: %s)"
                                .formatted(origin, Names.nearest(key, declared.keySet()))));
            }
        }
        if (!unknown.isEmpty()) {
            throw new ServiceException(Failure.invalid("SETTING_UNKNOWN", unknown));
        }
    }

    /** Returns the environment variables with our prefix that nothing read, to be warned about. */
    public List<String> unknownVariables() {
        Collection<String> known =
                declared.keySet().stream().map(Settings::variableOf).toList();
        return environment.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
                .sorted()
                .toList();
    }

    /** Returns all keys read so far, in reading order; secrets are masked. */
    public List<Key> keys() {
        return List.copyOf(declared.values());
    }
}
