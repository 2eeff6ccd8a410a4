package io.foresell.training.run;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;

/** Rows of which one input can be replaced and put back, to ask a scorer what it makes of it. */
final class ColumnSwap {
    private final Signature signature;
    private final Rows original;
    private final Rows rows;

    ColumnSwap(Signature signature, Rows original) {
        this.signature = signature;
        this.original = original;
        this.rows = new Rows(
                original.rowCount(),
                original.numbers().clone(),
                original.texts().clone());
    }

    /** Returns the rows as they are now; the same arrays every time. */
    Rows rows() {
        return rows;
    }

    /** Gives a row the value that another row has in the original. */
    void set(int input, int row, int from) {
        InputField field = signature.inputs().get(input);
        int place = signature.offset(input);
        if (field.kind() == InputKind.TEXT) {
            rows.texts()[row * signature.textWidth() + place] = original.texts()[from * signature.textWidth() + place];
        } else {
            System.arraycopy(
                    original.numbers(),
                    from * signature.numberWidth() + place,
                    rows.numbers(),
                    row * signature.numberWidth() + place,
                    field.width());
        }
    }

    /** Puts the original values of an input back. */
    void restore(int input) {
        for (int row = 0; row < original.rowCount(); row++) {
            set(input, row, row);
        }
    }
}
