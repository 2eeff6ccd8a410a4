package io.foresell.feature.define;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Several numbers as one text: as a source writes them, and as they are kept. What is kept is the base64 of 32-bit floats, the numbers
 * that a model reads: a third of the digits' length for most, and quick to read.
 */
public final class NumbersText {
    private static final Pattern SEPARATOR = Pattern.compile("[\\s,;|]+");

    private NumbersText() {}

    /**
     * Returns the text to keep.
     *
     * @param text numbers between white space, commas, semicolons or bars, in square brackets or not
     * @param width how many there must be
     * @throws UnreadableText when there are not as many, or one is none or beyond +-3.4e38
     */
    public static String parse(String text, int width) throws UnreadableText {
        String inside = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        String[] parts = SEPARATOR.split(inside.strip());
        if (parts.length != width) {
            throw new UnreadableText(
                    "NUMBER_COUNT", "%d numbers, such as '0.5 1 2'; there are %d".formatted(width, parts.length));
        }
        ByteBuffer bytes = ByteBuffer.allocate(width * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (String part : parts) {
            float number = (float) TypedText.parse(ValueType.NUMBER, part);
            if (Float.isInfinite(number)) {
                throw new UnreadableText("NOT_FINITE", "numbers within +-3.4e38");
            }
            bytes.putFloat(number);
        }
        return Base64.getEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /**
     * Writes the numbers of a kept text into {@code into} from {@code at} on.
     *
     * @throws IllegalArgumentException when it does not hold {@code width} numbers
     */
    public static void read(String kept, int width, double[] into, int at) {
        FloatBuffer numbers = ByteBuffer.wrap(Base64.getDecoder().decode(kept))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        if (numbers.remaining() != width) {
            throw new IllegalArgumentException("numbers: %d (expected: %d)".formatted(numbers.remaining(), width));
        }
        for (int i = 0; i < width; i++) {
            into[at + i] = numbers.get(i);
        }
    }
}
