package io.foresell.feature.ingest;

import io.foresell.feature.define.ColumnDefinition;
import io.foresell.feature.define.MissingRule;
import io.foresell.feature.define.NumbersText;
import io.foresell.feature.define.OutlierRule;
import io.foresell.feature.define.TypedText;
import io.foresell.feature.define.UnreadableText;
import io.foresell.feature.define.ValueType;
import io.foresell.feature.history.RowRefusal;
import io.foresell.feature.history.SlotValues;
import io.foresell.kit.Names;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads, cleans and checks the values of one column. Immutable. */
final class ColumnReader {
    private static final int MAX_TEXT_LENGTH = 10_000;
    private static final int MAX_NUMBER_LENGTH = 32; // with what separates it

    private final ColumnDefinition column;
    private final int cell;
    private final int slot;
    private final Set<String> missingTexts;
    private final Set<String> categories;

    /**
     * Makes a reader.
     *
     * @param cell the column's place in the source
     * @param slot the column's place in the view's layout
     */
    ColumnReader(ColumnDefinition column, int cell, int slot) {
        this.column = column;
        this.cell = cell;
        this.slot = slot;
        missingTexts = Set.copyOf(
                column.cleaning().missingTexts().stream().map(String::strip).toList());
        categories = Set.copyOf(column.categories());
    }

    String name() {
        return column.name();
    }

    int slot() {
        return slot;
    }

    /**
     * Reads the value of a row into its slot.
     *
     * @param cleaned takes one entry for each rule that changed the value
     * @return whether the value is to be repeated from the entity's last row
     */
    boolean read(SourceRow row, SlotValues values, List<String> cleaned) throws RefusedRow {
        String text = row.values().get(cell).strip();
        int maxLength = Math.max(MAX_TEXT_LENGTH, column.width() * MAX_NUMBER_LENGTH);
        if (text.length() > maxLength) {
            throw new RefusedRow(new RowRefusal(
                    name(),
                    "TEXT_TOO_LONG",
                    "%s: %d characters (expected: at most %d)".formatted(name(), text.length(), maxLength)));
        }
        if (!text.isEmpty() && missingTexts.contains(text)) {
            cleaned.add(name() + ": missing_text");
            text = "";
        }
        if (!text.isEmpty()) {
            readPresent(text, values, cleaned);
        }
        return values.isMissing(slot) && isFilledLater(values, cleaned);
    }

    private void readPresent(String text, SlotValues values, List<String> cleaned) throws RefusedRow {
        if (column.type().isText()) {
            if (!categories.isEmpty() && !categories.contains(text)) {
                throw new RefusedRow(
                        name(),
                        "NOT_A_CATEGORY",
                        text,
                        "one of %d categories; nearest: %s"
                                .formatted(categories.size(), Names.nearest(text, categories)));
            }
            values.set(slot, text);
            return;
        }
        try {
            if (column.type() == ValueType.NUMBERS) {
                values.set(slot, NumbersText.parse(text, column.width()));
                return;
            }
            values.set(slot, inRange(text, TypedText.parse(column.type(), text), cleaned));
        } catch (UnreadableText e) {
            throw new RefusedRow(name(), e.reason(), text, e.expected());
        }
    }

    /** Returns the number, moved to the nearest bound or NaN where the rule says so. */
    private double inRange(String text, double number, List<String> cleaned) throws RefusedRow {
        double min = bound(column.min(), -Double.MAX_VALUE);
        double max = bound(column.max(), Double.MAX_VALUE);
        if (number >= min && number <= max) {
            return number;
        }
        OutlierRule rule = column.cleaning().outlier();
        if (rule == OutlierRule.QUARANTINE) {
            throw new RefusedRow(name(), "OUT_OF_RANGE", text, "%s..%s".formatted(column.min(), column.max()));
        }
        cleaned.add(name() + (rule == OutlierRule.CLIP ? ": clip" : ": drop"));
        return rule == OutlierRule.DROP ? Double.NaN : Math.min(Math.max(number, min), max);
    }

    private static double bound(@Nullable Double given, double otherwise) {
        return given == null ? otherwise : given;
    }

    private boolean isFilledLater(SlotValues values, List<String> cleaned) throws RefusedRow {
        MissingRule rule = column.cleaning().missing();
        if (rule == MissingRule.LAST) {
            return true;
        }
        if (rule == MissingRule.CONSTANT) {
            fillConstant(values);
            cleaned.add(name() + ": constant");
        } else if (rule == MissingRule.QUARANTINE) {
            throw new RefusedRow(name(), "VALUE_MISSING", "", "a value, because missing ones go to quarantine");
        } else if (column.isRequired()) {
            throw new RefusedRow(requiredMissing());
        }
        return false;
    }

    private void fillConstant(SlotValues values) {
        String fill = column.cleaning().fillValue();
        if (column.type().isText()) {
            values.set(slot, fill);
            return;
        }
        try {
            values.set(slot, TypedText.parse(column.type(), fill));
        } catch (UnreadableText e) {
            throw new IllegalStateException("checked when it was defined: " + fill, e);
        }
    }

    boolean isRequired() {
        return column.isRequired();
    }

    RowRefusal requiredMissing() {
        return RowRefusal.of(name(), "REQUIRED_MISSING", "", "a value, because the column is required");
    }
}
