package io.foresell.gateway.tensor;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import io.foresell.gateway.problem.Problem;
import io.foresell.gateway.problem.ProblemException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Datatypes whose elements JSON can hold, and how they become raw bytes. FP16 and BF16 are sent in binary only. */
enum Elements {
    BOOL,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    INT8,
    INT16,
    INT32,
    INT64,
    FP32,
    FP64,
    BYTES;

    private static final BigInteger UINT64_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final int MAX_DEPTH = 8;

    /** Returns the datatype of a name, or null when JSON cannot hold it. */
    static @Nullable Elements of(String name) {
        for (Elements elements : values()) {
            if (elements.name().equals(name)) {
                return elements;
            }
        }
        return null;
    }

    /** What was read: elements and how many. */
    record Read(ByteString raw, int count) {}

    /**
     * Reads an array, nested or flat; the parser stands on its first token.
     *
     * @throws ProblemException 400 naming the element that is not of the datatype
     */
    Read read(JsonParser json, String path) throws IOException {
        RawBytes raw = new RawBytes();
        int count = 0;
        int depth = 0;
        JsonToken token = json.currentToken();
        if (token != JsonToken.START_ARRAY) {
            throw wrong(path, json, "an array");
        }
        do {
            if (token == JsonToken.START_ARRAY) {
                if (++depth > MAX_DEPTH) {
                    throw new ProblemException(Problem.invalid(
                            "DATA_INVALID", path, "nested deeper than " + MAX_DEPTH, "an array of elements"));
                }
            } else if (token == JsonToken.END_ARRAY) {
                depth--;
            } else {
                put(json, token, raw, path, count);
                count++;
            }
            if (depth > 0) {
                token = json.nextToken();
            }
        } while (depth > 0);
        return new Read(raw.take(), count);
    }

    private void put(JsonParser json, @Nullable JsonToken token, RawBytes raw, String path, int at) throws IOException {
        if (token == null || token == JsonToken.START_OBJECT) {
            throw wrong(path + "[" + at + "]", json, "an element of " + name());
        }
        switch (this) {
            case BYTES -> putText(json, token, raw, path, at);
            case FP32, FP64 -> putNumber(json, token, raw, path, at);
            case BOOL -> raw.room(1).put((byte) (truth(json, token, path, at) ? 1 : 0));
            case UINT64 -> raw.room(8).putLong(unsigned(json, token, path, at));
            case INT8 -> raw.room(1).put((byte) whole(json, token, path, at, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case UINT8 -> raw.room(1).put((byte) whole(json, token, path, at, 0, 0xFF));
            case INT16 -> raw.room(2).putShort((short) whole(json, token, path, at, Short.MIN_VALUE, Short.MAX_VALUE));
            case UINT16 -> raw.room(2).putShort((short) whole(json, token, path, at, 0, 0xFFFF));
            case INT32 -> raw.room(4).putInt((int) whole(json, token, path, at, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case UINT32 -> raw.room(4).putInt((int) whole(json, token, path, at, 0, 0xFFFF_FFFFL));
            case INT64 -> raw.room(8).putLong(whole(json, token, path, at, Long.MIN_VALUE, Long.MAX_VALUE));
        }
    }

    private void putText(JsonParser json, JsonToken token, RawBytes raw, String path, int at) throws IOException {
        String text =
                switch (token) {
                    case VALUE_STRING -> json.getText();
                    case VALUE_NULL -> "";
                    default -> throw wrong(path + "[" + at + "]", json, "a text");
                };
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        raw.room(4 + bytes.length).putInt(bytes.length).put(bytes);
    }

    private void putNumber(JsonParser json, JsonToken token, RawBytes raw, String path, int at) throws IOException {
        double number =
                switch (token) {
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getDoubleValue();
                    case VALUE_NULL -> Double.NaN;
                    case VALUE_STRING -> {
                        if (!json.getText().equals("NaN")) {
                            throw wrong(path + "[" + at + "]", json, "a number, or null for missing");
                        }
                        yield Double.NaN;
                    }
                    default -> throw wrong(path + "[" + at + "]", json, "a number, or null for missing");
                };
        if (this == FP64) {
            raw.room(8).putDouble(number);
        } else {
            raw.room(4).putFloat((float) number);
        }
    }

    private static boolean truth(JsonParser json, JsonToken token, String path, int at) throws IOException {
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            return token == JsonToken.VALUE_TRUE;
        }
        boolean isBit = token == JsonToken.VALUE_NUMBER_INT
                && (json.getText().equals("0") || json.getText().equals("1"));
        if (!isBit) {
            throw wrong(path + "[" + at + "]", json, "true or false");
        }
        return json.getText().equals("1");
    }

    private static long whole(JsonParser json, JsonToken token, String path, int at, long least, long greatest)
            throws IOException {
        String expected = "a whole number in " + least + ".." + greatest;
        if (token != JsonToken.VALUE_NUMBER_INT || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw wrong(path + "[" + at + "]", json, expected);
        }
        long value = json.getLongValue();
        if (value < least || value > greatest) {
            throw wrong(path + "[" + at + "]", json, expected);
        }
        return value;
    }

    private static long unsigned(JsonParser json, JsonToken token, String path, int at) throws IOException {
        if (token != JsonToken.VALUE_NUMBER_INT) {
            throw wrong(path + "[" + at + "]", json, "a whole number in 0.." + UINT64_MAX);
        }
        BigInteger value = json.getBigIntegerValue();
        if (value.signum() < 0 || value.compareTo(UINT64_MAX) > 0) {
            throw wrong(path + "[" + at + "]", json, "a whole number in 0.." + UINT64_MAX);
        }
        return value.longValue();
    }

    /** Returns the problem of a value that is not what was expected. */
    static ProblemException wrong(String path, JsonParser json, String expected) throws IOException {
        String text = json.currentToken() == null ? "nothing" : json.getText();
        String shown =
                switch (text == null ? "" : text) {
                    case "{" -> "an object";
                    case "[" -> "an array";
                    default -> text.length() <= 60 ? text : text.substring(0, 57) + "...";
                };
        return new ProblemException(Problem.invalid("VALUE_INVALID", path, shown, expected));
    }

    /** Names the datatypes that JSON can hold, for messages. */
    static String names() {
        return Arrays.toString(values());
    }
}
