package io.foresell.feature.history;

import org.jspecify.annotations.Nullable;

/**
 * One row of one view and entity. Rows from the database unpack their values when asked for, because ingest mostly needs
 * ids and times. Not thread-safe.
 */
public final class HistoryRow {
    /** Identifies a row without an event id of its own. */
    private record LineId(String batchId, long lineNumber) {}

    private final @Nullable String eventId;
    private final String batchId;
    private final long lineNumber;
    private final long eventMillis;
    private final long knownMillis;
    private final long sequence;
    private @Nullable SlotValues values;
    private final byte[] packed;
    private final int packedFrom;

    private HistoryRow(
            @Nullable String eventId,
            String batchId,
            long lineNumber,
            long eventMillis,
            long knownMillis,
            long sequence,
            @Nullable SlotValues values,
            byte[] packed,
            int packedFrom) {
        this.eventId = eventId;
        this.batchId = batchId;
        this.lineNumber = lineNumber;
        this.eventMillis = eventMillis;
        this.knownMillis = knownMillis;
        this.sequence = sequence;
        this.values = values;
        this.packed = packed;
        this.packedFrom = packedFrom;
    }

    /**
     * A row from a source.
     *
     * @param eventId identifies the row among those of its entity; null means by batch and line
     * @param batchId the delivery it came with
     * @param lineNumber its line in the delivery
     * @param eventMillis when it happened
     * @param knownMillis when it became known to us
     * @param values may still be completed until the row is stored
     */
    public static HistoryRow of(
            @Nullable String eventId,
            String batchId,
            long lineNumber,
            long eventMillis,
            long knownMillis,
            SlotValues values) {
        return new HistoryRow(eventId, batchId, lineNumber, eventMillis, knownMillis, 0, values, new byte[0], 0);
    }

    static HistoryRow packed(
            @Nullable String eventId,
            String batchId,
            long lineNumber,
            long eventMillis,
            long knownMillis,
            long sequence,
            byte[] packed,
            int packedFrom) {
        return new HistoryRow(
                eventId, batchId, lineNumber, eventMillis, knownMillis, sequence, null, packed, packedFrom);
    }

    HistoryRow withSequence(long number) {
        return new HistoryRow(
                eventId, batchId, lineNumber, eventMillis, knownMillis, number, values, packed, packedFrom);
    }

    /** Returns what identifies the row among those of its entity. */
    Object identity() {
        return eventId == null ? new LineId(batchId, lineNumber) : eventId;
    }

    @Nullable
    String eventId() {
        return eventId;
    }

    public String batchId() {
        return batchId;
    }

    public long lineNumber() {
        return lineNumber;
    }

    public long eventMillis() {
        return eventMillis;
    }

    public long knownMillis() {
        return knownMillis;
    }

    /** Returns a number that grows with the order of ingest, unique in the view. */
    public long sequence() {
        return sequence;
    }

    public SlotValues values() {
        SlotValues unpacked = values;
        if (unpacked == null) {
            unpacked = RowCodec.values(new PackedReader(packed, packedFrom));
            values = unpacked;
        }
        return unpacked;
    }

    /** Hands the values to {@code sink} without keeping them. */
    void forEachValue(boolean[] isWanted, RowCodec.Sink sink) {
        SlotValues unpacked = values;
        if (unpacked == null) {
            RowCodec.values(new PackedReader(packed, packedFrom), isWanted, sink);
            return;
        }
        for (int slot = 0; slot < Math.min(isWanted.length, unpacked.slotCount()); slot++) {
            String text = unpacked.text(slot);
            if (isWanted[slot] && text != null) {
                sink.text(slot, text);
            } else if (isWanted[slot] && !unpacked.isMissing(slot)) {
                sink.number(slot, unpacked.number(slot));
            }
        }
    }

    /** Orders rows by when they happened, then by when they were known, then by ingest. */
    public boolean isNewerThan(HistoryRow other) {
        if (eventMillis != other.eventMillis) {
            return eventMillis > other.eventMillis;
        }
        return knownMillis != other.knownMillis ? knownMillis > other.knownMillis : sequence > other.sequence;
    }
}
