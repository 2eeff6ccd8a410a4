package io.foresell.feature.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one view and entity, column by column, oldest event first; rows of the same event in the order they became
 * known. Only selected columns are held. Immutable.
 */
public final class EntityHistory {
    private static final double[] NO_NUMBERS = {};
    private static final @Nullable String[] NO_TEXTS = {};

    private final long[] eventMillis;
    private final long[] knownMillis;
    private final double[][] numbers; // by slot; empty where not selected or text
    private final @Nullable String[][] texts; // by slot; empty where not selected or number

    private EntityHistory(List<HistoryRow> sorted, SlotSelection selection, UnaryOperator<String> pool) {
        int count = sorted.size();
        eventMillis = new long[count];
        knownMillis = new long[count];
        numbers = new double[selection.slotCount()][];
        texts = new String[selection.slotCount()][];
        for (int slot = 0; slot < selection.slotCount(); slot++) {
            numbers[slot] = selection.isNumber(slot) ? new double[count] : NO_NUMBERS;
            Arrays.fill(numbers[slot], Double.NaN);
            texts[slot] = selection.isText(slot) ? new String[count] : NO_TEXTS;
        }
        boolean[] wanted = selection.wanted();
        Filler filler = new Filler(pool);
        for (int row = 0; row < count; row++) {
            eventMillis[row] = sorted.get(row).eventMillis();
            knownMillis[row] = sorted.get(row).knownMillis();
            filler.row = row;
            sorted.get(row).forEachValue(wanted, filler);
        }
    }

    private final class Filler implements RowCodec.Sink {
        private final UnaryOperator<String> pool;
        private int row;

        Filler(UnaryOperator<String> pool) {
            this.pool = pool;
        }

        @Override
        public void number(int slot, double value) {
            numbers[slot][row] = value;
        }

        @Override
        public void text(int slot, String value) {
            texts[slot][row] = pool.apply(value);
        }
    }

    /**
     * Builds a history.
     *
     * @param pool returns one instance for equal texts, so that few are held
     */
    public static EntityHistory of(List<HistoryRow> rows, SlotSelection selection, UnaryOperator<String> pool) {
        List<HistoryRow> sorted = new ArrayList<>(rows);
        sorted.sort(Comparator.comparingLong(HistoryRow::eventMillis)
                .thenComparingLong(HistoryRow::knownMillis)
                .thenComparingLong(HistoryRow::sequence));
        return new EntityHistory(sorted, selection, pool);
    }

    /** Builds a history from buckets. */
    public static EntityHistory ofBuckets(List<Bucket> buckets, SlotSelection selection, UnaryOperator<String> pool) {
        List<HistoryRow> rows = new ArrayList<>();
        buckets.forEach(bucket -> rows.addAll(bucket.rows()));
        return of(rows, selection, pool);
    }

    public int rowCount() {
        return eventMillis.length;
    }

    /** Returns roughly how many values are held, for bounding a cache. */
    public long cellCount() {
        long cells = 4 + 2L * rowCount();
        for (int slot = 0; slot < numbers.length; slot++) {
            cells += 2 + numbers[slot].length + texts[slot].length;
        }
        return cells;
    }

    public long eventMillis(int row) {
        return eventMillis[row];
    }

    public long knownMillis(int row) {
        return knownMillis[row];
    }

    /** Returns a number, NaN when missing. The slot must be a selected number. */
    public double number(int slot, int row) {
        return numbers[slot][row];
    }

    /** Returns a text, null when missing. The slot must be a selected text. */
    public @Nullable String text(int slot, int row) {
        return texts[slot][row];
    }

    /** Returns the number of rows with an event time at or before the instant: they are rows 0 to result - 1. */
    public int countUntil(long asOfMillis) {
        int low = 0;
        int high = eventMillis.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (eventMillis[middle] <= asOfMillis) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
