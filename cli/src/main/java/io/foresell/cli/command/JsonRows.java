package io.foresell.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonStreamParser;
import com.google.gson.stream.MalformedJsonException;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.NumberList;
import io.foresell.proto.inference.v1.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Rows as JSON objects: numbers, texts, booleans, arrays of numbers; null means missing. */
final class JsonRows {
    private static final long MAX_BYTES = 64 << 20;

    private JsonRows() {}

    static List<NamedRow> read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw refused(file.toString(), "too large", "at most 64 MiB");
            }
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw refused(file.toString(), "unreadable", "a readable UTF-8 file");
        }
    }

    /** Reads objects, one after the other or in arrays. */
    static List<NamedRow> parse(String source, String text) {
        List<NamedRow> rows = new ArrayList<>();
        try {
            JsonStreamParser parser = new JsonStreamParser(text);
            while (parser.hasNext()) {
                JsonElement element = parser.next();
                if (element.isJsonArray()) {
                    element.getAsJsonArray().forEach(row -> rows.add(row(source, row)));
                } else {
                    rows.add(row(source, element));
                }
            }
        } catch (JsonParseException e) {
            String problem = e.getCause() instanceof MalformedJsonException cause ? cause.getMessage() : e.getMessage();
            throw refused(source, String.valueOf(problem).lines().findFirst().orElse("unreadable"), "JSON objects");
        }
        if (rows.isEmpty()) {
            throw refused(source, "no row", "at least one JSON object");
        }
        return rows;
    }

    private static NamedRow row(String source, JsonElement element) {
        if (!(element instanceof JsonObject object)) {
            throw refused(source, element.toString(), "a JSON object");
        }
        NamedRow.Builder row = NamedRow.newBuilder();
        object.entrySet().forEach(entry -> {
            if (!entry.getValue().isJsonNull()) {
                row.putValues(entry.getKey(), value(source + " " + entry.getKey(), entry.getValue()));
            }
        });
        return row.build();
    }

    private static Value value(String place, JsonElement element) {
        if (element instanceof JsonArray array) {
            NumberList.Builder numbers = NumberList.newBuilder();
            array.forEach(item -> numbers.addValues(item.isJsonNull() ? Double.NaN : number(place, item)));
            return Value.newBuilder().setNumbers(numbers).build();
        }
        if (element instanceof JsonPrimitive primitive) {
            if (primitive.isBoolean()) {
                return Value.newBuilder().setBoolean(primitive.getAsBoolean()).build();
            }
            return primitive.isNumber()
                    ? Value.newBuilder().setNumber(number(place, primitive)).build()
                    : Value.newBuilder().setText(primitive.getAsString()).build();
        }
        throw refused(place, element.toString(), "a number, text, boolean, array of numbers or null");
    }

    private static double number(String place, JsonElement element) {
        if (element instanceof JsonPrimitive primitive && primitive.isNumber()) {
            try {
                return primitive.getAsDouble();
            } catch (NumberFormatException e) {
                throw refused(place, element.toString(), "a number");
            }
        }
        throw refused(place, element.toString(), "a number");
    }

    private static ServiceException refused(String place, String value, String expected) {
        return new ServiceException(Failure.invalid("ROW_INVALID", place, value, expected));
    }
}
