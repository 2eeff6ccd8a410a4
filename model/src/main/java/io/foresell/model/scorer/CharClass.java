package io.foresell.model.scorer;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A set of characters that a regular expression of the form {@code [a-z0-9_]+}, {@code \w\w+} or {@code [^,]{2,}} repeats, and how
 * often at least. Tokens are the longest runs of such characters, so no backtracking is needed. Other expressions are left to
 * other engines.
 */
final class CharClass {
    private static final int ASCII = 128;

    private final BitSet members; // Of ASCII and of whatever else the expression names.
    private final boolean isNegated;
    private final int least;

    private CharClass(BitSet members, boolean isNegated, int least) {
        this.members = members;
        this.isNegated = isNegated;
        this.least = least;
    }

    boolean contains(int codePoint) {
        return members.get(codePoint) != isNegated;
    }

    /** Returns how many characters a run has at least. */
    int least() {
        return least;
    }

    /** Returns the class that the expression repeats; null when it is of another form. */
    static @Nullable CharClass parse(String expression) {
        String body = expression.startsWith("(?u)") ? expression.substring(4) : expression;
        boolean isBounded = body.startsWith("\\b") && body.endsWith("\\b") && body.length() > 4;
        if (isBounded) {
            body = body.substring(2, body.length() - 2);
        }
        Parser parser = new Parser(body);
        CharClass found = parser.parse();
        // Words end where runs of word characters do; other runs may go on behind the end of a word.
        return found == null || (isBounded && !found.isWord()) ? null : found;
    }

    private boolean isWord() {
        return !isNegated && members.equals(word());
    }

    private static BitSet word() {
        BitSet word = new BitSet(ASCII);
        word.set('a', 'z' + 1);
        word.set('A', 'Z' + 1);
        word.set('0', '9' + 1);
        word.set('_');
        return word;
    }

    /** Reads one expression from left to right; every method returns null or false where the form ends. */
    private static final class Parser {
        private final int[] points;
        private int at;

        Parser(String body) {
            this.points = body.codePoints().toArray();
        }

        @Nullable
        CharClass parse() {
            CharClass first = one();
            if (first == null) {
                return null;
            }
            int least = 1;
            while (at < points.length) {
                int before = at;
                if (points[at] == '+' && at + 1 == points.length) {
                    return new CharClass(first.members, first.isNegated, least);
                }
                if (points[at] == '{') {
                    int count = openRepeat();
                    return count < 1 ? null : new CharClass(first.members, first.isNegated, least - 1 + count);
                }
                CharClass next = one();
                if (next == null
                        || at == before
                        || next.isNegated != first.isNegated
                        || !next.members.equals(first.members)) {
                    return null;
                }
                least++;
            }
            return null; // Not repeated: tokens of one length.
        }

        /** Returns n of "{n,}" at the end; 0 for another form. */
        private int openRepeat() {
            int count = 0;
            int i = at + 1;
            while (i < points.length && points[i] >= '0' && points[i] <= '9' && count < 1000) {
                count = count * 10 + points[i++] - '0';
            }
            boolean isOpen = i + 2 == points.length && points[i] == ',' && points[i + 1] == '}';
            return isOpen ? count : 0;
        }

        private @Nullable CharClass one() {
            int point = points.length > at ? points[at++] : -1;
            if (point == '[') {
                return set();
            }
            BitSet members = new BitSet(ASCII);
            if (point == '\\') {
                int escaped = at < points.length ? points[at++] : -1;
                boolean isNegated = escaped == 'W' || escaped == 'D' || escaped == 'S';
                return escape(members, isNegated ? Character.toLowerCase(escaped) : escaped)
                        ? new CharClass(members, isNegated, 1)
                        : null;
            }
            if (point < 0 || "^$.|?*+(){}]".indexOf(point) >= 0) {
                return null;
            }
            members.set(point);
            return new CharClass(members, false, 1);
        }

        private @Nullable CharClass set() {
            BitSet members = new BitSet(ASCII);
            boolean isNegated = at < points.length && points[at] == '^';
            at += isNegated ? 1 : 0;
            int last = -1;
            while (at < points.length && points[at] != ']') {
                int point = points[at++];
                if (point == '[') {
                    return null; // [:alpha:] and the like.
                }
                if (point == '\\') {
                    if (at == points.length || !escape(members, points[at++])) {
                        return null;
                    }
                    last = -1;
                } else if (point == '-' && last >= 0 && at < points.length && points[at] != ']') {
                    int end = points[at++];
                    if (end < last || end == '\\' || end == '[') {
                        return null;
                    }
                    members.set(last, end + 1);
                    last = -1;
                } else {
                    members.set(point);
                    last = point;
                }
            }
            if (at++ >= points.length || members.isEmpty()) {
                return null;
            }
            return new CharClass(members, isNegated, 1);
        }

        /** Adds what an escaped character stands for; returns false for one that is no set of characters. */
        private static boolean escape(BitSet members, int escaped) {
            switch (escaped) {
                case 'w' -> members.or(word());
                case 'd' -> members.set('0', '9' + 1);
                case 's' -> "\t\n\f\r ".chars().forEach(members::set);
                case 't' -> members.set('\t');
                case 'n' -> members.set('\n');
                case 'r' -> members.set('\r');
                default -> {
                    if (escaped < 0 || escaped >= ASCII || Character.isLetterOrDigit(escaped)) {
                        return false;
                    }
                    members.set(escaped);
                }
            }
            return true;
        }
    }
}
