package io.foresell.inference.serve;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.proto.inference.v1.PackedRows;

/** Reads packed rows: a copy of each value from the message to the flat row, nothing else. */
final class PackedRowReader {
    private PackedRowReader() {}

    /**
     * Returns the rows of a batch.
     *
     * @throws ServiceException INVALID_ARGUMENT when the arrays do not hold full rows of the signature
     */
    static Rows read(PackedRows source, Batch batch) {
        Signature signature = batch.served().modelPackage().signature();
        requireSignature(source.getSignatureDigest(), signature, batch);
        requireWidth("numbers", source.getNumbersCount(), source.getRowCount(), signature.numberWidth());
        requireWidth("texts", source.getTextsCount(), source.getRowCount(), signature.textWidth());
        float[] numbers = numbers(source, batch, signature.numberWidth());
        String[] texts = new String[batch.rowCount() * signature.textWidth()];
        for (int place = 0; place < batch.rowCount(); place++) {
            int from = batch.requestRow(place) * signature.textWidth();
            for (int i = 0; i < signature.textWidth(); i++) {
                texts[place * signature.textWidth() + i] = source.getTexts(from + i);
            }
        }
        return new Rows(batch.rowCount(), numbers, texts);
    }

    private static void requireSignature(long digest, Signature signature, Batch batch) {
        if (digest != 0 && digest != signature.digest()) {
            throw new ServiceException(Failure.precondition(
                    "SIGNATURE_CHANGED",
                    "packed_rows.signature_digest: %016x (expected: %016x of version %d)"
                            .formatted(
                                    digest, signature.digest(), batch.served().version())));
        }
    }

    private static float[] numbers(PackedRows source, Batch batch, int width) {
        float[] numbers = new float[batch.rowCount() * width];
        for (int place = 0; place < batch.rowCount(); place++) {
            int from = batch.requestRow(place) * width;
            int to = place * width;
            for (int i = 0; i < width; i++) {
                float value = source.getNumbers(from + i);
                if (Float.isInfinite(value)) {
                    throw new ServiceException(Failure.invalid(
                            "NUMBER_NOT_FINITE",
                            "packed_rows.numbers[%d]".formatted(from + i),
                            value,
                            "a finite number, or NaN for missing"));
                }
                numbers[to + i] = value;
            }
        }
        return numbers;
    }

    private static void requireWidth(String kind, int count, int rowCount, int width) {
        if (count == rowCount * width) {
            return;
        }
        String field = "packed_rows." + kind;
        String message = count % rowCount == 0
                ? "%s: row has %d %s (expected: %d)".formatted(field, count / rowCount, kind, width)
                : "%s: %d rows have %d %s (expected: %d)".formatted(field, rowCount, count, kind, rowCount * width);
        throw new ServiceException(Failure.invalid("ROW_WIDTH", message)
                .violating(field, "%d values (expected: %d)".formatted(count, rowCount * width))
                .with("row_count", Integer.toString(rowCount))
                .with("value_count", Integer.toString(count))
                .with("expected_row_width", Integer.toString(width)));
    }
}
