package io.foresell.gateway.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a scoring request token by token into packed rows, where it is as most are: rows of values that fit the model's
 * inputs, subjects and a number of reasons at most. Anything else, all mistakes too, is left to the reader that knows everything and says what
 * is wrong. Used once.
 */
final class PackedBody {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    private final JsonParser json;
    private final PackedLayout layout;
    private final PackedRows.Builder rows = PackedRows.newBuilder();
    private final float[] numbers;
    private final String[] texts;
    private final int[] seenInRow; // by input, the last row (from 1) that has it
    private int rowCount;

    private PackedBody(JsonParser json, PackedLayout layout) {
        this.json = json;
        this.layout = layout;
        this.numbers = new float[layout.numberWidth()];
        this.texts = new String[layout.textWidth()];
        this.seenInRow = new int[layout.inputCount()];
    }

    /** Returns the request, or null when it is not of this kind. */
    static @Nullable ScoreRequest read(String model, byte[] body, PackedLayout layout) {
        try (JsonParser json = JSON.createParser(body)) {
            ScoreRequest.Builder request = ScoreRequest.newBuilder().setModel(model);
            PackedBody reader = new PackedBody(json, layout);
            return reader.isRead(request) ? request.build() : null;
        } catch (IOException e) {
            return null; // not JSON: the other reader says where
        }
    }

    private boolean isRead(ScoreRequest.Builder request) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            return false;
        }
        boolean hasSubjects = false;
        boolean hasReasons = false;
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            boolean isGood;
            if (key.equals("rows") && rowCount == 0) {
                isGood = areRowsRead();
            } else if (key.equals("subjects") && !hasSubjects) {
                hasSubjects = true;
                isGood = areSubjectsRead();
            } else if (key.equals("reasons") && !hasReasons && json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                hasReasons = true;
                isGood = true;
                request.setReasonCount(json.getIntValue());
            } else {
                isGood = false;
            }
            if (!isGood) {
                return false;
            }
        }
        if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null || rowCount == 0) {
            return false;
        }
        if (hasSubjects && rows.getSubjectsCount() != rowCount) {
            return false;
        }
        request.setPackedRows(rows.setRowCount(rowCount).setSignatureDigest(layout.digest()));
        return true;
    }

    private boolean areSubjectsRead() throws IOException {
        if (json.nextToken() != JsonToken.START_ARRAY) {
            return false;
        }
        while (json.nextToken() == JsonToken.VALUE_STRING) {
            rows.addSubjects(json.getText());
        }
        return json.currentToken() == JsonToken.END_ARRAY;
    }

    private boolean areRowsRead() throws IOException {
        if (json.nextToken() != JsonToken.START_ARRAY) {
            return false;
        }
        while (json.nextToken() == JsonToken.START_OBJECT) {
            rowCount++;
            if (!isRowRead()) {
                return false;
            }
        }
        return json.currentToken() == JsonToken.END_ARRAY;
    }

    private boolean isRowRead() throws IOException {
        Arrays.fill(numbers, Float.NaN);
        Arrays.fill(texts, "");
        int likely = 0;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            int index = layout.indexOf(name, likely);
            if (index < 0 || seenInRow[index] == rowCount) {
                return false;
            }
            seenInRow[index] = rowCount;
            likely = index + 1;
            if (!isValueRead(layout.input(index))) {
                return false;
            }
        }
        for (float number : numbers) {
            rows.addNumbers(number);
        }
        for (String text : texts) {
            rows.addTexts(text);
        }
        return json.currentToken() == JsonToken.END_OBJECT;
    }

    private boolean isValueRead(PackedLayout.Input input) throws IOException {
        switch (json.nextToken()) {
            case VALUE_NULL -> {
                return true; // missing, as it is already
            }
            case VALUE_STRING -> {
                if (input.isText()) {
                    texts[input.offset()] = json.getText();
                }
                return input.isText();
            }
            case START_ARRAY -> {
                return !input.isText() && areNumbersRead(input);
            }
            default -> {
                return !input.isText() && input.width() == 1 && isNumberRead(input.offset());
            }
        }
    }

    private boolean areNumbersRead(PackedLayout.Input input) throws IOException {
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            boolean isNumber = json.currentToken() == JsonToken.VALUE_NULL
                    || json.currentToken().isNumeric();
            if (!isNumber || count == input.width() || !isNumberRead(input.offset() + count)) {
                return false;
            }
            count++;
        }
        return count == input.width();
    }

    private boolean isNumberRead(int place) throws IOException {
        switch (json.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                numbers[place] = (float) json.getDoubleValue();
                return Float.isFinite(numbers[place]);
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                numbers[place] = json.getBooleanValue() ? 1 : 0;
                return true;
            }
            default -> {
                return json.currentToken() == JsonToken.VALUE_NULL;
            }
        }
    }
}
