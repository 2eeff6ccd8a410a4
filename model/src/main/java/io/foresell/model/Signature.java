package io.foresell.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ordered inputs of a model and their places in a flat row: numbers follow each other in input order (a sequence
 * takes {@code width} places), texts likewise. Immutable.
 */
public final class Signature {
    /** Greatest number of inputs, and of numbers in a row. */
    public static final int MAX_INPUTS = 65_536;

    private final List<InputField> inputs;
    private final int[] offsets;
    private final int[] inputsOfNumbers; // for each number of a row the position of its input
    private final int[] inputsOfTexts;
    private final Map<String, Integer> indexByName = new HashMap<>();
    private final int numberWidth;
    private final int textWidth;
    private final long digest;

    private Signature(List<InputField> inputs) {
        this.inputs = List.copyOf(inputs);
        this.offsets = new int[inputs.size()];
        int numbers = 0;
        int texts = 0;
        for (int i = 0; i < inputs.size(); i++) {
            InputField field = inputs.get(i);
            if (indexByName.put(field.name(), i) != null) {
                throw new IllegalArgumentException(
                        "input %s: given twice (expected: unique names)".formatted(field.name()));
            }
            offsets[i] = field.kind() == InputKind.NUMBER ? numbers : texts;
            if (field.kind() == InputKind.NUMBER) {
                numbers += field.width();
            } else {
                texts++;
            }
            if (numbers > MAX_INPUTS || texts > MAX_INPUTS) {
                throw new IllegalArgumentException(
                        "row width: above %d (expected: 1..%d)".formatted(MAX_INPUTS, MAX_INPUTS));
            }
        }
        this.inputsOfNumbers = new int[numbers];
        this.inputsOfTexts = new int[texts];
        for (int i = 0; i < offsets.length; i++) {
            if (inputs.get(i).kind() == InputKind.NUMBER) {
                Arrays.fill(
                        inputsOfNumbers, offsets[i], offsets[i] + inputs.get(i).width(), i);
            } else {
                inputsOfTexts[offsets[i]] = i;
            }
        }
        this.numberWidth = numbers;
        this.textWidth = texts;
        this.digest = digest(this.inputs);
    }

    /** The first 8 bytes of SHA-256 over name, kind and width of each input, in order. */
    private static long digest(List<InputField> inputs) {
        StringBuilder text = new StringBuilder();
        for (InputField field : inputs) {
            text.append(field.name().length())
                    .append(':')
                    .append(field.name())
                    .append(field.kind() == InputKind.TEXT ? 't' : 'n')
                    .append(field.width())
                    .append(';');
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong() | 1; // 0 says nothing
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Returns the signature of the inputs in this order; at least one, unique names. */
    public static Signature of(List<InputField> inputs) {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("inputs: 0 (expected: 1.." + MAX_INPUTS + ")");
        }
        return new Signature(inputs);
    }

    /** Returns the inputs in order. */
    public List<InputField> inputs() {
        return inputs;
    }

    /** Returns how many floats a row holds. */
    public int numberWidth() {
        return numberWidth;
    }

    /** Returns how many texts a row holds. */
    public int textWidth() {
        return textWidth;
    }

    /** Returns what tells inputs and their order apart: equal signatures have equal digests; never 0. */
    public long digest() {
        return digest;
    }

    /** Returns whether there is an input of this name. */
    public boolean contains(String inputName) {
        return indexByName.containsKey(inputName);
    }

    /**
     * Returns the position of an input in {@link #inputs()}.
     *
     * @throws IllegalArgumentException when there is none of this name
     */
    public int indexOf(String inputName) {
        Integer index = indexByName.get(inputName);
        if (index == null) {
            throw new IllegalArgumentException(
                    "input: %s (expected: one of the %d inputs of the signature)".formatted(inputName, inputs.size()));
        }
        return index;
    }

    /** Returns the input of this name; throws like {@link #indexOf}. */
    public InputField input(String inputName) {
        return inputs.get(indexOf(inputName));
    }

    /** Returns where the input starts in the numbers or texts of a row, by its kind; throws like {@link #indexOf}. */
    public int offset(String inputName) {
        return offsets[indexOf(inputName)];
    }

    /** Returns where the input at this position starts in the numbers or texts of a row. */
    public int offset(int inputIndex) {
        return offsets[inputIndex];
    }

    /** Returns the position in {@link #inputs()} of the input that the number at this place of a row belongs to. */
    public int inputOfNumber(int place) {
        return inputsOfNumbers[place];
    }

    /** Returns the position in {@link #inputs()} of the input that the text at this place of a row is. */
    public int inputOfText(int place) {
        return inputsOfTexts[place];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Signature that && inputs.equals(that.inputs);
    }

    @Override
    public int hashCode() {
        return inputs.hashCode();
    }

    @Override
    public String toString() {
        return inputs.toString();
    }
}
