package io.foresell.feature.asof;

import io.foresell.feature.define.NumbersText;
import io.foresell.feature.define.ValueType;
import io.foresell.feature.history.EntityHistory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A column of the newest visible row. A timestamp becomes its age in days, several numbers a sequence. */
record SnapshotFeature(String name, int view, int slot, ValueType type, int width) implements Feature {
    @Override
    public boolean isText() {
        return type.isText();
    }

    @Override
    public void fill(EntityHistory history, int latest, long asOfMillis, FeatureTable table, int column, int row) {
        if (isText()) {
            table.set(column, row, latest < 0 ? null : history.text(slot, latest));
            return;
        }
        if (type == ValueType.NUMBERS) {
            fillMany(latest < 0 ? null : history.text(slot, latest), table.numbers(column), row * width);
            return;
        }
        double number = latest < 0 ? Double.NaN : history.number(slot, latest);
        table.numbers(column)[row] = type == ValueType.TIMESTAMP ? (asOfMillis - number) / MILLIS_PER_DAY : number;
    }

    private void fillMany(@Nullable String kept, double[] numbers, int from) {
        if (kept == null) {
            Arrays.fill(numbers, from, from + width, Double.NaN);
        } else {
            NumbersText.read(kept, width, numbers, from);
        }
    }
}
