package io.foresell.kit;

import java.util.Collection;
import java.util.Comparator;
import java.util.regex.Pattern;

/** Names of definitions and models, and the nearest one to a mistyped name. */
public final class Names {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    /** What a valid name looks like, for messages. */
    public static final String EXPECTED =
            "lower-case letters, digits and underscores, starting with a letter, 1 to 63 long";

    private Names() {}

    public static boolean isValid(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * Returns the name unchanged.
     *
     * @throws ServiceException INVALID_ARGUMENT when it is not a valid name
     */
    public static String require(String field, String name) {
        if (!isValid(name)) {
            throw new ServiceException(Failure.invalid("NAME_INVALID", field, name, EXPECTED));
        }
        return name;
    }

    /** Returns the candidate with the least edit distance to {@code name}, or "none" without candidates. */
    public static String nearest(String name, Collection<String> candidates) {
        return candidates.stream()
                .min(Comparator.comparingInt((String candidate) -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .orElse("none");
    }

    /** Returns the Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
