package io.foresell.model.pack;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.List;

/**
 * A row and the answer of the training library to it.
 *
 * @param numbers length numberWidth, NaN is missing
 * @param texts length textWidth, empty is missing
 * @param probability P(positive) by the training library, calibration included
 */
public record GoldenRow(List<Float> numbers, List<String> texts, double probability) {
    public GoldenRow {
        numbers = List.copyOf(numbers);
        texts = List.copyOf(texts);
    }

    /** Copies one row out of many. */
    public static GoldenRow of(Signature signature, Rows rows, int row, double probability) {
        ArrayList<Float> numbers = new ArrayList<>();
        for (int i = 0; i < signature.numberWidth(); i++) {
            numbers.add(rows.numbers()[row * signature.numberWidth() + i]);
        }
        int from = row * signature.textWidth();
        return new GoldenRow(numbers, List.of(rows.texts()).subList(from, from + signature.textWidth()), probability);
    }
}
