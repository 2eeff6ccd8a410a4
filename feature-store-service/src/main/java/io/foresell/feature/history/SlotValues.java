package io.foresell.feature.history;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The values of one row by their place in the view's layout. A missing number is NaN, a missing text null. Not thread-safe. */
public final class SlotValues {
    private final double[] numbers;
    private final @Nullable String[] texts;

    /** All missing. */
    public SlotValues(int slotCount) {
        numbers = new double[slotCount];
        Arrays.fill(numbers, Double.NaN);
        texts = new String[slotCount];
    }

    public int slotCount() {
        return numbers.length;
    }

    /** Returns the number, NaN when missing, a text, or a place the row was stored without. */
    public double number(int slot) {
        return slot < numbers.length ? numbers[slot] : Double.NaN;
    }

    /** Returns the text, or null when missing or not a text. */
    public @Nullable String text(int slot) {
        return slot < texts.length ? texts[slot] : null;
    }

    public void set(int slot, double number) {
        numbers[slot] = number;
    }

    public void set(int slot, @Nullable String text) {
        texts[slot] = text;
    }

    public boolean isMissing(int slot) {
        return Double.isNaN(number(slot)) && text(slot) == null;
    }

    /** Copies one value. */
    public void copy(int slot, SlotValues from) {
        numbers[slot] = from.number(slot);
        texts[slot] = from.text(slot);
    }

    /** Returns whether both hold the same value there. */
    public boolean isSame(int slot, SlotValues other) {
        String text = text(slot);
        return Double.compare(number(slot), other.number(slot)) == 0
                && (text == null ? other.text(slot) == null : text.equals(other.text(slot)));
    }
}
