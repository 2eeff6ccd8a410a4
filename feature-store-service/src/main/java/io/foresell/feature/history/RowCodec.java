package io.foresell.feature.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Packs the rows of one append into bytes: a format number, the batches they came with, then row by row. Times and sequence
 * numbers are differences to the row before; a value is one tag byte and its content, missing values at the end are left out.
 */
public final class RowCodec {
    private static final int FORMAT = 1;
    private static final int MISSING = 0;
    private static final int DOUBLE = 1;
    private static final int TEXT = 2;
    private static final int WHOLE = 3;
    private static final int MAX_SLOTS = 1 << 20;
    private static final double MAX_WHOLE = 1L << 40;

    /** Takes the values of a row; missing ones are not given. */
    interface Sink {
        void number(int slot, double value);

        void text(int slot, String value);
    }

    private RowCodec() {}

    /** Returns the packed form of rows. */
    public static byte[] pack(List<HistoryRow> rows) {
        PackedWriter out = new PackedWriter();
        out.put(FORMAT);
        Map<String, Integer> batches = new LinkedHashMap<>();
        rows.forEach(row -> batches.putIfAbsent(row.batchId(), batches.size()));
        out.putCount(batches.size());
        batches.keySet().forEach(out::putText);
        out.putCount(rows.size());
        long event = 0;
        long known = 0;
        long sequence = 0;
        for (HistoryRow row : rows) {
            out.putCount(batches.getOrDefault(row.batchId(), 0));
            out.putCount(row.lineNumber());
            String eventId = row.eventId();
            out.putText(eventId == null ? "" : eventId);
            out.putSigned(row.eventMillis() - event);
            out.putSigned(row.knownMillis() - known);
            out.putSigned(row.sequence() - sequence);
            packValues(out, row.values());
            event = row.eventMillis();
            known = row.knownMillis();
            sequence = row.sequence();
        }
        return out.toBytes();
    }

    private static void packValues(PackedWriter out, SlotValues values) {
        PackedWriter packed = new PackedWriter();
        int count = values.slotCount();
        while (count > 0 && values.isMissing(count - 1)) {
            count--;
        }
        packed.putCount(values.slotCount());
        packed.putCount(count);
        for (int slot = 0; slot < count; slot++) {
            String text = values.text(slot);
            if (text != null) {
                packed.put(TEXT);
                packed.putText(text);
            } else {
                packNumber(packed, values.number(slot));
            }
        }
        byte[] bytes = packed.toBytes();
        out.putCount(bytes.length);
        out.putBytes(bytes);
    }

    private static void packNumber(PackedWriter out, double number) {
        if (Double.isNaN(number)) {
            out.put(MISSING);
        } else if (isWhole(number)) {
            out.put(WHOLE);
            out.putSigned((long) number);
        } else {
            out.put(DOUBLE);
            out.putDouble(number);
        }
    }

    private static boolean isWhole(double number) {
        return Math.abs(number) < MAX_WHOLE
                && Double.doubleToRawLongBits((double) (long) number) == Double.doubleToRawLongBits(number);
    }

    /** Returns the rows of {@link #pack}. */
    public static List<HistoryRow> unpack(byte[] bytes) {
        PackedReader in = new PackedReader(bytes, 0);
        if (in.get() != FORMAT) {
            throw PackedReader.damaged();
        }
        String[] batches = new String[in.getSize()];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = in.getText();
        }
        int count = in.getSize();
        List<HistoryRow> rows = new ArrayList<>(count);
        long event = 0;
        long known = 0;
        long sequence = 0;
        for (int i = 0; i < count; i++) {
            int batch = in.getSize();
            if (batch >= batches.length) {
                throw PackedReader.damaged();
            }
            long line = in.getCount();
            String eventId = in.getText();
            event += in.getSigned();
            known += in.getSigned();
            sequence += in.getSigned();
            int size = in.getSize();
            rows.add(HistoryRow.packed(
                    eventId.isEmpty() ? null : eventId,
                    batches[batch],
                    line,
                    event,
                    known,
                    sequence,
                    bytes,
                    in.position()));
            in.skip(size);
        }
        return rows;
    }

    static SlotValues values(PackedReader in) {
        SlotValues values = new SlotValues(slotCount(in));
        int count = in.getSize();
        if (count > values.slotCount()) {
            throw PackedReader.damaged();
        }
        for (int slot = 0; slot < count; slot++) {
            switch (in.get()) {
                case MISSING -> {}
                case DOUBLE -> values.set(slot, in.getDouble());
                case WHOLE -> values.set(slot, (double) in.getSigned());
                case TEXT -> values.set(slot, in.getText());
                default -> throw PackedReader.damaged();
            }
        }
        return values;
    }

    /** Reads how many places the layout had when the row was stored. */
    private static int slotCount(PackedReader in) {
        long count = in.getCount();
        if (count < 0 || count > MAX_SLOTS) {
            throw PackedReader.damaged();
        }
        return (int) count;
    }

    static void values(PackedReader in, boolean[] isWanted, Sink sink) {
        slotCount(in);
        int count = Math.min(in.getSize(), isWanted.length);
        for (int slot = 0; slot < count; slot++) {
            int tag = in.get();
            if (tag == TEXT && !isWanted[slot]) {
                in.skip(in.getSize());
            } else if (tag == TEXT) {
                sink.text(slot, in.getText());
            } else if (tag != MISSING) {
                double number = number(tag, in);
                if (isWanted[slot]) {
                    sink.number(slot, number);
                }
            }
        }
    }

    private static double number(int tag, PackedReader in) {
        if (tag == DOUBLE) {
            return in.getDouble();
        }
        if (tag == WHOLE) {
            return (double) in.getSigned();
        }
        throw PackedReader.damaged();
    }
}
