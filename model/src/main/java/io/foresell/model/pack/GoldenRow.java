package io.foresell.model.pack;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A row and the answer of the training library to it.
 *
 * @param numbers length numberWidth, NaN is missing
 * @param texts length textWidth, empty is missing
 * @param answers what the training library answered, calibration included; length: width of the answer
 */
public record GoldenRow(List<Float> numbers, List<String> texts, List<Double> answers) {
    public GoldenRow {
        answers = List.copyOf(answers);
        numbers = List.copyOf(numbers);
        texts = List.copyOf(texts);
    }

    /** Copies one row out of many. */
    public static GoldenRow of(Signature signature, Rows rows, int row, double... answers) {
        ArrayList<Float> numbers = new ArrayList<>();
        for (int i = 0; i < signature.numberWidth(); i++) {
            numbers.add(rows.numbers()[row * signature.numberWidth() + i]);
        }
        int from = row * signature.textWidth();
        return new GoldenRow(
                numbers,
                List.of(rows.texts()).subList(from, from + signature.textWidth()),
                Arrays.stream(answers).boxed().toList());
    }
}
