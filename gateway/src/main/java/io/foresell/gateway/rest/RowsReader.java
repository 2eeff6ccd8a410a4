package io.foresell.gateway.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import io.foresell.gateway.problem.Problem;
import io.foresell.gateway.problem.ProblemException;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.NamedRows;
import io.foresell.proto.inference.v1.NumberList;
import io.foresell.proto.inference.v1.Value;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a question token by token straight into the message that is sent on. */
final class RowsReader extends JsonDeserializer<NamedRows> {
    /**
     * Reads rows.
     *
     * @throws ProblemException 400 naming row and value at fault
     */
    @Override
    public @Nullable NamedRows deserialize(JsonParser json, DeserializationContext context) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            return (NamedRows) context.handleUnexpectedToken(List.class, json);
        }
        NamedRows.Builder rows = NamedRows.newBuilder();
        for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
            rows.addRows(row(json, "rows[" + i + "]"));
        }
        return rows.build();
    }

    private static NamedRow.Builder row(JsonParser json, String path) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            String given = json.currentToken() == JsonToken.VALUE_NULL ? "null" : "wrong type";
            throw wrong(path, given, "an object");
        }
        NamedRow.Builder row = NamedRow.newBuilder();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            row.putValues(name, value(json, path, name));
        }
        return row;
    }

    /** The path of a value is put together only when something is wrong with it. */
    private static Value value(JsonParser json, String row, String name) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_NULL -> Value.getDefaultInstance();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Value.newBuilder()
                    .setNumber(json.getDoubleValue())
                    .build();
            case VALUE_STRING -> Value.newBuilder().setText(json.getText()).build();
            case VALUE_TRUE, VALUE_FALSE -> Value.newBuilder()
                    .setBoolean(json.getBooleanValue())
                    .build();
            case START_ARRAY -> Value.newBuilder()
                    .setNumbers(numbers(json, row, name))
                    .build();
            default -> throw wrong(row + "." + name, "an object", "a number, text, boolean, array of numbers or null");
        };
    }

    private static NumberList.Builder numbers(JsonParser json, String row, String name) throws IOException {
        NumberList.Builder numbers = NumberList.newBuilder();
        for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
            switch (json.currentToken()) {
                case VALUE_NULL -> numbers.addValues(Double.NaN);
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> numbers.addValues(json.getDoubleValue());
                default -> throw wrong("%s.%s[%d]".formatted(row, name, i), shown(json), "a number or null");
            }
        }
        return numbers;
    }

    private static String shown(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            default -> json.getText();
        };
    }

    private static ProblemException wrong(String path, String given, String expected) {
        return new ProblemException(Problem.invalid("VALUE_INVALID", path, given, expected));
    }
}
