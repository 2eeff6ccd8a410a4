package io.foresell.model.graph;

import io.foresell.model.InputField;
import java.util.ArrayList;
import java.util.List;

/**
 * A sequence read as so many numbers, by families without a notion of order.
 *
 * @param steps how each step is encoded, oldest first; the names are those of the encoded columns
 * @param gaps what missing steps become before that
 */
public record FlatSequenceEncoding(String input, List<NumberEncoding> steps, SequenceGaps gaps)
        implements InputEncoding {
    public FlatSequenceEncoding {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("steps of %s: 0 (expected: 1 or more)".formatted(input));
        }
    }

    /** Returns the sequence with missing steps left to their encodings. */
    public FlatSequenceEncoding(String input, List<NumberEncoding> steps) {
        this(input, steps, SequenceGaps.KEPT);
    }

    /** Returns the sequence with the same encoding for each step; columns are named "input[step]", from 0. */
    public static FlatSequenceEncoding of(NumberEncoding each, int length) {
        List<NumberEncoding> steps = new ArrayList<>();
        for (int step = 0; step < length; step++) {
            steps.add(new NumberEncoding(
                    "%s[%d]".formatted(each.input(), step),
                    each.fill(),
                    each.low(),
                    each.high(),
                    each.isLogarithmic(),
                    each.offset(),
                    each.scale()));
        }
        return new FlatSequenceEncoding(each.input(), steps);
    }

    @Override
    public InputField field() {
        return InputField.sequence(input, steps.size());
    }
}
