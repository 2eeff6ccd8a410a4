package io.foresell.inference.lookup;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;

/** Rows of one model as another one reads them: the same values by name. */
public final class RowProjection {
    private RowProjection() {}

    /**
     * Returns some of the rows.
     *
     * @param from how the rows are laid out
     * @param places which rows, in this order
     * @param to inputs each of which is one of {@code from}, of the same kind and width
     */
    public static Rows project(Rows rows, Signature from, int[] places, Signature to) {
        float[] numbers = new float[places.length * to.numberWidth()];
        String[] texts = new String[places.length * to.textWidth()];
        for (int row = 0; row < places.length; row++) {
            copy(rows, from, places[row], to, row, numbers, texts);
        }
        return new Rows(places.length, numbers, texts);
    }

    private static void copy(
            Rows source, Signature from, int place, Signature to, int row, float[] numbers, String[] texts) {
        for (int i = 0; i < to.inputs().size(); i++) {
            InputField field = to.inputs().get(i);
            int offset = from.offset(field.name());
            if (field.kind() == InputKind.TEXT) {
                texts[row * to.textWidth() + to.offset(i)] = source.texts()[place * from.textWidth() + offset];
            } else {
                System.arraycopy(
                        source.numbers(),
                        place * from.numberWidth() + offset,
                        numbers,
                        row * to.numberWidth() + to.offset(i),
                        field.width());
            }
        }
    }
}
