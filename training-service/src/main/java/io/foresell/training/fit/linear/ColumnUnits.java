package io.foresell.training.fit.linear;

import io.foresell.model.graph.FlatSequenceEncoding;
import io.foresell.model.graph.InputEncoding;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.Preprocessing;
import java.util.HashMap;
import java.util.Map;

/** How much of a raw input is 1 of an encoded column. */
final class ColumnUnits {
    private final Map<String, Double> byColumn = new HashMap<>();

    ColumnUnits(Preprocessing preprocessing) {
        for (InputEncoding encoding : preprocessing.encodings()) {
            if (encoding instanceof NumberEncoding number) {
                add(number);
            } else if (encoding instanceof FlatSequenceEncoding sequence) {
                sequence.steps().forEach(this::add);
            }
        }
    }

    private void add(NumberEncoding number) {
        byColumn.put(number.input(), number.isLogarithmic() || number.scale() == 0 ? Double.NaN : 1.0 / number.scale());
    }

    /** Returns the standard deviation of a standardised number, 1 for a category, NaN where there is no such constant. */
    double of(String column) {
        return byColumn.getOrDefault(column, 1.0);
    }
}
