package io.foresell.training.dataset;

import io.foresell.model.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * SHA-256 over all values in a fixed order: row count, keys, times, labels, then each column with name, kind, width and
 * values. Numbers are little-endian, every NaN is the same NaN, texts are UTF-8 with their length before them.
 */
final class TrainingSetDigest {
    private final MessageDigest digest;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

    private TrainingSetDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String of(List<String> keys, long[] times, Labels labels, List<TrainingColumn> columns) {
        TrainingSetDigest values = new TrainingSetDigest();
        values.putInt(times.length);
        keys.forEach(values::putText);
        for (long time : times) {
            values.putInt((int) time);
            values.putInt((int) (time >>> 32));
        }
        values.putLabels(labels);
        columns.forEach(values::putColumn);
        values.flush();
        return HexFormat.of().formatHex(values.digest.digest());
    }

    /** Two classes are 1 and 0; everything else says its task and its classes first. */
    private void putLabels(Labels labels) {
        boolean isBinary = labels.task() == Task.BINARY;
        if (!isBinary) {
            putText(labels.task().key());
            putInt(labels.classes().size());
            labels.classes().forEach(this::putText);
        }
        for (double label : labels.values()) {
            long bits = Double.doubleToLongBits(label);
            putInt(isBinary ? (int) label : (int) bits);
            if (!isBinary) {
                putInt((int) (bits >>> 32));
            }
        }
    }

    private void putColumn(TrainingColumn column) {
        putText(column.field().name());
        putText(column.field().kind().name());
        putInt(column.field().width());
        if (column instanceof TrainingColumn.Numbers numbers) {
            for (float value : numbers.values()) {
                putInt(Float.floatToIntBits(value));
            }
        } else if (column instanceof TrainingColumn.Texts texts) {
            putInt(texts.dictionary().size());
            texts.dictionary().forEach(this::putText);
            for (int code : texts.codes()) {
                putInt(code);
            }
        }
    }

    private void putText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        putInt(bytes.length);
        flush();
        digest.update(bytes);
    }

    private void putInt(int value) {
        if (buffer.remaining() < Integer.BYTES) {
            flush();
        }
        buffer.putInt(value);
    }

    private void flush() {
        digest.update(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
