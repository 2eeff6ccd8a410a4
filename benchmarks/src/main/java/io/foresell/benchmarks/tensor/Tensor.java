package io.foresell.benchmarks.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One input of a request, for one row: shape [1, width].
 *
 * @param numbers the elements of FP32; NaN is missing
 * @param texts the elements of BYTES; exactly one of both lists has elements
 */
public record Tensor(String name, List<Float> numbers, List<String> texts) {
    public Tensor {
        numbers = List.copyOf(numbers);
        texts = List.copyOf(texts);
        if (numbers.isEmpty() == texts.isEmpty()) {
            throw new IllegalArgumentException(
                    "tensor '%s': %d numbers and %d texts (expected: either numbers or texts)"
                            .formatted(name, numbers.size(), texts.size()));
        }
    }

    public static Tensor numbers(String name, List<Float> numbers) {
        return new Tensor(name, numbers, List.of());
    }

    public static Tensor text(String name, String text) {
        return new Tensor(name, List.of(), List.of(text));
    }

    boolean isText() {
        return !texts.isEmpty();
    }

    String datatype() {
        return isText() ? "BYTES" : "FP32";
    }

    int width() {
        return isText() ? texts.size() : numbers.size();
    }

    /** Returns the elements as the protocol's raw contents: little endian, texts behind their length. */
    byte[] raw() {
        return isText() ? rawTexts() : rawNumbers();
    }

    private byte[] rawNumbers() {
        ByteBuffer raw = ByteBuffer.allocate(Float.BYTES * numbers.size()).order(ByteOrder.LITTLE_ENDIAN);
        numbers.forEach(raw::putFloat);
        return raw.array();
    }

    private byte[] rawTexts() {
        List<byte[]> elements = texts.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        int size = elements.stream()
                .mapToInt(element -> Integer.BYTES + element.length)
                .sum();
        ByteBuffer raw = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        elements.forEach(element -> raw.putInt(element.length).put(element));
        return raw.array();
    }
}
