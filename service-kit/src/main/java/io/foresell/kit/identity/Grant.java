package io.foresell.kit.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One right: a role on the models of a pattern. Written {@code ROLE}, {@code ROLE:MODEL} or {@code ROLE:PREFIX*}.
 *
 * @param models a model's name, or the beginning of names with {@code *} at its end; {@code *} is all
 */
public record Grant(Role role, String models) {
    /** What a grant looks like, for messages. */
    public static final String EXPECTED =
            "view, score, train, release, replicate or admin, alone or with :MODEL or :PREFIX*";

    private static final Pattern MODELS = Pattern.compile("[A-Za-z0-9._-]{0,127}\\*|[A-Za-z0-9._-]{1,128}");

    public Grant {
        if (!MODELS.matcher(models).matches()) {
            throw new IllegalArgumentException("models: '%s' (expected: a name, or PREFIX*)".formatted(models));
        }
    }

    /**
     * Reads one grant.
     *
     * @throws IllegalArgumentException with value and expectation
     */
    public static Grant parse(String text) {
        int colon = text.indexOf(':');
        String word = colon < 0 ? text : text.substring(0, colon);
        Role role = Role.of(word)
                .orElseThrow(
                        () -> new IllegalArgumentException("grant: '%s' (expected: %s)".formatted(text, EXPECTED)));
        return new Grant(role, colon < 0 ? "*" : text.substring(colon + 1));
    }

    /**
     * Reads grants parted by commas, at least one.
     *
     * @throws IllegalArgumentException with value and expectation
     */
    public static List<Grant> parseAll(String text) {
        List<Grant> grants = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            grants.add(parse(part.strip()));
        }
        return List.copyOf(grants);
    }

    boolean isOnEveryModel() {
        return models.equals("*");
    }

    boolean isOn(String model) {
        int last = models.length() - 1;
        return models.charAt(last) == '*' ? model.regionMatches(0, models, 0, last) : models.equals(model);
    }

    @Override
    public String toString() {
        return isOnEveryModel() ? role.word() : role.word() + ":" + models;
    }
}
