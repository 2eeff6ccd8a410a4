package io.foresell.inference.lookup;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Signature;
import io.foresell.proto.feature.v1.FeatureBlock;
import io.foresell.proto.feature.v1.FeatureColumn;
import io.foresell.proto.feature.v1.GetFeaturesResponse;
import io.foresell.proto.feature.v1.NumberColumn;
import io.foresell.proto.feature.v1.StaleFeatures;
import io.foresell.proto.feature.v1.TextColumn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Maps the feature store's columnar answer to rows. */
final class FeatureProtos {
    private FeatureProtos() {}

    /**
     * Returns the rows by entity key.
     *
     * @throws ServiceException UNAVAILABLE when the block contradicts itself: the peer is at fault, not the caller
     */
    static Map<String, FeatureRow> rows(GetFeaturesResponse response) {
        FeatureBlock block = response.getBlock();
        int rowCount = block.getRowCount();
        if (block.getEntityKeysCount() != rowCount || block.getOldestValueMillisCount() != rowCount) {
            throw broken("row_count", rowCount, block.getEntityKeysCount() + " keys");
        }
        if (rowCount == 0) {
            return Map.of();
        }
        Signature columns = columns(block);
        float[][] numbers = new float[rowCount][columns.numberWidth()];
        String[][] texts = new String[rowCount][columns.textWidth()];
        for (int i = 0; i < block.getColumnsCount(); i++) {
            read(block.getColumns(i), columns.offset(i), numbers, texts);
        }
        Map<String, FeatureRow> rows = new LinkedHashMap<>();
        for (int row = 0; row < rowCount; row++) {
            StaleFeatures stale = response.getStaleOrDefault(row, StaleFeatures.getDefaultInstance());
            rows.put(
                    block.getEntityKeys(row),
                    new FeatureRow(
                            columns,
                            numbers[row],
                            texts[row],
                            block.getOldestValueMillis(row),
                            stale.getFeaturesList()));
        }
        return rows;
    }

    private static Signature columns(FeatureBlock block) {
        List<InputField> fields = new ArrayList<>();
        for (FeatureColumn column : block.getColumnsList()) {
            fields.add(
                    column.hasTexts()
                            ? InputField.text(column.getName())
                            : new InputField(
                                    column.getName(),
                                    InputKind.NUMBER,
                                    column.getNumbers().getWidth()));
        }
        try {
            return Signature.of(fields);
        } catch (IllegalArgumentException e) {
            throw broken("columns", fields.size(), String.valueOf(e.getMessage()));
        }
    }

    private static void read(FeatureColumn column, int offset, float[][] numbers, String[][] texts) {
        if (column.hasTexts()) {
            readTexts(column, column.getTexts(), offset, texts);
        } else {
            readNumbers(column, column.getNumbers(), offset, numbers);
        }
    }

    private static void readNumbers(FeatureColumn column, NumberColumn source, int offset, float[][] numbers) {
        int width = source.getWidth();
        if (source.getValuesCount() != numbers.length * width) {
            throw broken(column.getName(), source.getValuesCount(), numbers.length + " x " + width + " values");
        }
        for (int row = 0; row < numbers.length; row++) {
            for (int step = 0; step < width; step++) {
                numbers[row][offset + step] = toFloat(source.getValues(row * width + step));
            }
        }
    }

    /** A finite number beyond the range of floats becomes the largest one instead of an infinity that models cannot read. */
    private static float toFloat(double value) {
        return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
    }

    private static void readTexts(FeatureColumn column, TextColumn source, int offset, String[][] texts) {
        if (source.getCodesCount() != texts.length) {
            throw broken(column.getName(), source.getCodesCount(), texts.length + " codes");
        }
        String[] dictionary = source.getDictionaryList().toArray(new String[0]);
        for (int row = 0; row < texts.length; row++) {
            int code = source.getCodes(row);
            if (code >= dictionary.length) {
                throw broken(column.getName(), code, "codes below " + dictionary.length);
            }
            texts[row][offset] = code < 0 ? "" : dictionary[code];
        }
    }

    private static ServiceException broken(String what, Object actual, String expected) {
        return new ServiceException(Failure.unavailable(
                "FEATURES_UNREADABLE",
                "feature block %s: %s (expected: %s)".formatted(what, actual, expected),
                Duration.ofSeconds(5)));
    }
}
