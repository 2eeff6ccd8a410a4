package io.foresell.model;

/**
 * One raw input of a model: a column of its feature set.
 *
 * @param width 1, or the length of a sequence of numbers
 */
public record InputField(String name, InputKind kind, int width) {
    /** Greatest width of one input. */
    public static final int MAX_WIDTH = 4096;

    public InputField {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("input name: empty (expected: at least 1 character)");
        }
        if (width < 1 || width > MAX_WIDTH || (kind == InputKind.TEXT && width != 1)) {
            throw new IllegalArgumentException("width of input %s: %d (expected: %s)"
                    .formatted(name, width, kind == InputKind.TEXT ? "1" : "1.." + MAX_WIDTH));
        }
    }

    /** Returns a single number. */
    public static InputField number(String name) {
        return new InputField(name, InputKind.NUMBER, 1);
    }

    /** Returns a text. */
    public static InputField text(String name) {
        return new InputField(name, InputKind.TEXT, 1);
    }

    /** Returns a sequence of {@code length} numbers, oldest first. */
    public static InputField sequence(String name, int length) {
        return new InputField(name, InputKind.NUMBER, length);
    }
}
