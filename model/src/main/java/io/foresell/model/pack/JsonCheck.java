package io.foresell.model.pack;

import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads JSON text strictly (RFC 8259) before it becomes objects: a small hostile text could otherwise fill the memory (an empty
 * array takes two bytes here, forty as an object) or keep a processor busy (numbers of a million digits), and a lenient reader
 * takes what another one refuses. Names are unique in an object.
 */
final class JsonCheck {
    private static final int MAX_DEPTH = 32;
    /** Most values in one entry of a package. */
    private static final int MAX_VALUES = 2_000_000;

    private static final int MAX_NUMBER_LENGTH = 400;
    private static final int MAX_STRING_LENGTH = 1 << 20;
    private static final String NUMBER_CHARACTERS = "0123456789.+-eE";

    private final String entry;
    private final Reason reason;
    private int valuesLeft = MAX_VALUES;
    private String text = "";
    private int at;

    /** Starts the budget of an entry. */
    JsonCheck(String entry, Reason reason) {
        this.entry = entry;
        this.reason = reason;
    }

    /** Checks one text; all texts of an entry share the budget. */
    void check(String json) {
        text = json;
        at = 0;
        space();
        value(0);
        space();
        if (at < text.length()) {
            throw bad("more after the value (expected: the end)");
        }
    }

    private void value(int depth) {
        if (depth > MAX_DEPTH) {
            throw bad("nested more than %d deep (expected: at most that)".formatted(MAX_DEPTH));
        }
        if (--valuesLeft < 0) {
            throw bad("more than %d values (expected: at most that)".formatted(MAX_VALUES));
        }
        switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        }
    }

    private void object(int depth) {
        Set<String> names = new HashSet<>();
        at++;
        space();
        if (take('}')) {
            return;
        }
        do {
            space();
            if (peek() != '"') {
                throw bad("expected: a name in quotes");
            }
            String name = string();
            if (!names.add(name)) {
                throw bad("name %s: given twice (expected: once in an object)".formatted(Json.shown(name)));
            }
            space();
            require(':');
            space();
            value(depth + 1);
            space();
        } while (take(','));
        require('}');
    }

    private void array(int depth) {
        at++;
        space();
        if (take(']')) {
            return;
        }
        do {
            space();
            value(depth + 1);
            space();
        } while (take(','));
        require(']');
    }

    private String string() {
        StringBuilder decoded = new StringBuilder();
        boolean isNumeric = true;
        int from = ++at;
        for (char next = character(); next != '"'; next = character()) {
            if (next < ' ') {
                throw bad("a control character (expected: it as an escape)");
            }
            char meant = next == '\\' ? escaped() : next;
            isNumeric &= NUMBER_CHARACTERS.indexOf(meant) >= 0;
            decoded.append(meant);
            if (decoded.length() > MAX_STRING_LENGTH) {
                throw bad("a text above %d characters (expected: at most that)".formatted(MAX_STRING_LENGTH));
            }
        }
        // Numbers may come as texts, too.
        if (isNumeric && decoded.length() > MAX_NUMBER_LENGTH) {
            at = from;
            throw bad(
                    "a number of %d characters (expected: at most %d)".formatted(decoded.length(), MAX_NUMBER_LENGTH));
        }
        requirePairs(decoded);
        return decoded.toString();
    }

    /** Refuses half of a surrogate pair: no UTF-8 text can hold it. */
    private void requirePairs(CharSequence decoded) {
        for (int i = 0; i < decoded.length(); i++) {
            char unit = decoded.charAt(i);
            boolean isPair = Character.isHighSurrogate(unit)
                    && i + 1 < decoded.length()
                    && Character.isLowSurrogate(decoded.charAt(i + 1));
            if (isPair) {
                i++;
            } else if (Character.isSurrogate(unit)) {
                throw bad("half of a surrogate pair (expected: Unicode text)");
            }
        }
    }

    private char escaped() {
        char kind = character();
        return switch (kind) {
            case '"', '\\', '/' -> kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hexadecimal();
            default -> throw bad("\\%s (expected: an escape of JSON)".formatted(Json.shown(kind)));
        };
    }

    private char hexadecimal() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            char next = character();
            int digit = next < 0x80 ? Character.digit(next, 16) : -1;
            if (digit < 0) {
                throw bad("expected: four hexadecimal digits");
            }
            code = code * 16 + digit;
        }
        return (char) code;
    }

    private void literal(String word) {
        if (!text.startsWith(word, at)) {
            throw bad("expected: " + word);
        }
        at += word.length();
    }

    private void number() {
        int from = at;
        take('-');
        if (!take('0') && digits() == 0) {
            at = from;
            throw bad("expected: a value; NaN and Infinity go in quotes");
        }
        if (take('.') && digits() == 0) {
            throw bad("expected: digits after the point");
        }
        if (take('e') || take('E')) {
            if (!take('+')) {
                take('-');
            }
            if (digits() == 0) {
                throw bad("expected: digits of an exponent");
            }
        }
        if (at - from > MAX_NUMBER_LENGTH) {
            throw bad("a number of %d characters (expected: at most %d)".formatted(at - from, MAX_NUMBER_LENGTH));
        }
    }

    private int digits() {
        int from = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        return at - from;
    }

    private void space() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') {
            at++;
        }
    }

    private boolean take(char wanted) {
        boolean isThere = peek() == wanted;
        at += isThere ? 1 : 0;
        return isThere;
    }

    private void require(char wanted) {
        if (!take(wanted)) {
            throw bad("expected: " + wanted);
        }
    }

    /** Returns the next character, 0 at the end: JSON has none outside of a text. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private char character() {
        if (at >= text.length()) {
            throw bad("a text without an end (expected: a quote)");
        }
        return text.charAt(at++);
    }

    private PackageException bad(String detail) {
        return new PackageException(reason, "%s: character %d: %s".formatted(entry, at + 1, detail));
    }
}
