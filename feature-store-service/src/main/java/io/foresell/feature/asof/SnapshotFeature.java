package io.foresell.feature.asof;

import io.foresell.feature.define.ValueType;
import io.foresell.feature.history.EntityHistory;

/** A column of the newest visible row. A timestamp becomes its age in days. */
record SnapshotFeature(String name, int view, int slot, ValueType type) implements Feature {
    @Override
    public int width() {
        return 1;
    }

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
        double number = latest < 0 ? Double.NaN : history.number(slot, latest);
        table.numbers(column)[row] = type == ValueType.TIMESTAMP ? (asOfMillis - number) / MILLIS_PER_DAY : number;
    }
}
