package io.foresell.model.pack;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.foresell.model.PackageException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The JSON of a package: protobuf's mapping, keys of maps sorted so that equal content is equal text. */
final class Json {
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer().sortingMapKeys();
    // Fields that a later Foresell of the same format version added are no reason to refuse.
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

    private static final int MAX_SHOWN = 200;

    private Json() {}

    static byte[] pretty(Message message) {
        return (print(PRINTER, message) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    static String line(Message message) {
        return print(PRINTER.omittingInsignificantWhitespace(), message);
    }

    private static String print(JsonFormat.Printer printer, Message message) {
        try {
            return printer.print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("messages without Any always print", e);
        }
    }

    /** Returns a value of unknown origin for a message: cut, without control characters. */
    static String shown(Object value) {
        String text = String.valueOf(value);
        String cut = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    static String text(byte[] utf8, String entry, PackageException.Reason reason) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PackageException(reason, entry + ": not UTF-8 (expected: JSON in UTF-8)", e);
        }
    }

    static void parse(String json, Message.Builder into, String entry, PackageException.Reason reason) {
        new JsonCheck(entry, reason).check(json);
        merge(json, into, entry, reason);
    }

    /** Parses text that was checked. */
    static void merge(String json, Message.Builder into, String entry, PackageException.Reason reason) {
        try {
            PARSER.merge(json, into);
        } catch (InvalidProtocolBufferException e) {
            throw new PackageException(reason, "%s: %s".formatted(entry, shown(String.valueOf(e.getMessage()))), e);
        }
    }
}
