package io.foresell.model.graph;

import io.foresell.model.InputField;
import java.util.List;

/**
 * A number becomes the bin it lies in: bin 0 is below the first edge, bin i has edge i - 1 as its least value. A missing
 * number is in none.
 *
 * @param edges ascending, finite, 1 or more
 * @param isOneHot whether there is a column per bin, 1 in the number's own; else one column, 1 for bin 0, 2 for bin 1, ...,
 *     0 for a missing number
 */
public record BinnedEncoding(String input, List<Float> edges, boolean isOneHot) implements InputEncoding {
    public BinnedEncoding {
        edges = List.copyOf(edges);
        if (edges.isEmpty()) {
            throw new IllegalArgumentException("edges of %s: 0 (expected: 1 or more)".formatted(input));
        }
        for (int i = 0; i < edges.size(); i++) {
            Parameters.requireFinite("edge of " + input, edges.get(i));
            if (i > 0 && !(edges.get(i - 1) < edges.get(i))) {
                throw new IllegalArgumentException("edges of %s: %s (expected: ascending)".formatted(input, edges));
            }
        }
    }

    @Override
    public InputField field() {
        return InputField.number(input);
    }
}
