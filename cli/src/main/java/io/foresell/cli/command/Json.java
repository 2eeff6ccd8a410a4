package io.foresell.cli.command;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;

/** How answers look as JSON: the proto's own mapping with camelCase names; every field without presence is there. */
final class Json {
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create();

    private Json() {}

    static String text(Message message) {
        try {
            return JsonFormat.printer()
                    .alwaysPrintFieldsWithNoPresence()
                    .sortingMapKeys()
                    .print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a message without Any always prints", e);
        }
    }

    static String text(JsonElement element) {
        return GSON.toJson(element);
    }

    /** Returns a message as part of a larger document. */
    static JsonElement element(Message message) {
        return JsonParser.parseString(text(message));
    }
}
