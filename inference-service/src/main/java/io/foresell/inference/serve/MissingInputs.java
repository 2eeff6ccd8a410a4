package io.foresell.inference.serve;

import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.proto.inference.v1.ScoredRow;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names in an answer what the row lacked: the inputs whose text is empty or whose numbers are all NaN, in the order of the inputs. */
final class MissingInputs {
    private MissingInputs() {}

    /** Adds the names for the row at a place. Looks at each value once; a row that lacks nothing costs no more. */
    static void name(Signature signature, Rows rows, int place, ScoredRow.Builder row) {
        BitSet missing = numbers(signature, rows.numbers(), place * signature.numberWidth());
        missing = texts(signature, rows.texts(), place * signature.textWidth(), missing);
        if (missing == null) {
            return;
        }
        List<InputField> inputs = signature.inputs();
        for (int input = missing.nextSetBit(0); input >= 0; input = missing.nextSetBit(input + 1)) {
            row.addMissingFeatures(inputs.get(input).name());
        }
    }

    private static @Nullable BitSet numbers(Signature signature, float[] numbers, int from) {
        BitSet missing = null;
        for (int i = 0; i < signature.numberWidth(); i++) {
            if (Float.isNaN(numbers[from + i])) {
                int input = signature.inputOfNumber(i);
                int first = signature.offset(input);
                if (i == first
                        && areNaN(
                                numbers, from + i, signature.inputs().get(input).width())) {
                    missing = with(missing, input);
                }
            }
        }
        return missing;
    }

    private static boolean areNaN(float[] numbers, int from, int width) {
        for (int i = from; i < from + width; i++) {
            if (!Float.isNaN(numbers[i])) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable BitSet texts(Signature signature, String[] texts, int from, @Nullable BitSet before) {
        BitSet missing = before;
        for (int i = 0; i < signature.textWidth(); i++) {
            if (texts[from + i].isEmpty()) {
                missing = with(missing, signature.inputOfText(i));
            }
        }
        return missing;
    }

    private static BitSet with(@Nullable BitSet missing, int input) {
        BitSet set = missing == null ? new BitSet() : missing;
        set.set(input);
        return set;
    }
}
