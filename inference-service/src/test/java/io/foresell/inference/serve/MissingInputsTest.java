package io.foresell.inference.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.proto.inference.v1.ScoredRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MissingInputsTest {
    private static final int ROWS = 400;

    @Test
    void namesWhatHoldsNothingInTheOrderOfTheInputs() {
        Random random = new Random(5);
        List<InputField> inputs = List.of(
                InputField.number("age"),
                InputField.text("plan"),
                InputField.sequence("weeks", 3),
                InputField.number("tenure"),
                InputField.text("city"));
        Signature signature = Signature.of(inputs);
        Rows rows = rows(random, signature);

        int named = 0;
        for (int place = 0; place < ROWS; place++) {
            ScoredRow.Builder row = ScoredRow.newBuilder();
            MissingInputs.name(signature, rows, place, row);
            assertThat(row.getMissingFeaturesList()).isEqualTo(expected(signature, rows, place));
            named += row.getMissingFeaturesCount();
        }
        assertThat(named).isBetween(ROWS, 4 * ROWS);
    }

    /** Every other value is missing, by chance. */
    private static Rows rows(Random random, Signature signature) {
        float[] numbers = new float[ROWS * signature.numberWidth()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextBoolean() ? Float.NaN : random.nextFloat();
        }
        String[] texts = new String[ROWS * signature.textWidth()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = random.nextBoolean() ? "" : "x";
        }
        return new Rows(ROWS, numbers, texts);
    }

    /** The definition, input by input. */
    private static List<String> expected(Signature signature, Rows rows, int place) {
        List<String> names = new ArrayList<>();
        for (InputField input : signature.inputs()) {
            int offset = signature.offset(input.name());
            boolean isMissing = true;
            if (input.kind() == InputKind.TEXT) {
                isMissing = rows.texts()[place * signature.textWidth() + offset].isEmpty();
            }
            for (int i = 0; input.kind() == InputKind.NUMBER && i < input.width(); i++) {
                isMissing &= Float.isNaN(rows.numbers()[place * signature.numberWidth() + offset + i]);
            }
            if (isMissing) {
                names.add(input.name());
            }
        }
        return names;
    }
}
