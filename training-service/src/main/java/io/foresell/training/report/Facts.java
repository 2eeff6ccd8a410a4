package io.foresell.training.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One object of a JSON file that another part of training wrote into the package. What is absent or of another form is empty, NaN or no
 * list: a report without a part is better than none. Immutable.
 */
final class Facts {
    static final Facts NONE = new Facts(new JsonObject());

    private final JsonObject json;

    private Facts(JsonObject json) {
        this.json = json;
    }

    /** Reads a file; none of null or of what is no JSON object. */
    static Facts of(byte @Nullable [] file) {
        if (file == null) {
            return NONE;
        }
        try {
            return of(JsonParser.parseString(new String(file, StandardCharsets.UTF_8)));
        } catch (JsonParseException e) {
            return NONE;
        }
    }

    private static Facts of(@Nullable JsonElement element) {
        return element != null && element.isJsonObject() ? new Facts(element.getAsJsonObject()) : NONE;
    }

    boolean isEmpty() {
        return json.size() == 0;
    }

    Facts object(String name) {
        return of(json.get(name));
    }

    List<Facts> list(String name) {
        List<Facts> facts = new ArrayList<>();
        JsonElement element = json.get(name);
        if (element != null && element.isJsonArray()) {
            element.getAsJsonArray().forEach(each -> facts.add(of(each)));
        }
        return facts;
    }

    /** Returns the texts of a list. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        JsonElement element = json.get(name);
        if (element != null && element.isJsonArray()) {
            element.getAsJsonArray().forEach(each -> texts.add(each.isJsonPrimitive() ? each.getAsString() : ""));
        }
        return texts;
    }

    /** Returns a text, or a number as it is written; empty when absent. */
    String text(String name) {
        return json.get(name) instanceof JsonPrimitive value ? value.getAsString() : "";
    }

    /** Returns a number; NaN when absent. */
    double number(String name) {
        return json.get(name) instanceof JsonPrimitive value && value.isNumber() ? value.getAsDouble() : Double.NaN;
    }

    /** Returns a number of things; 0 when absent. */
    long count(String name) {
        double number = number(name);
        return Double.isNaN(number) ? 0 : Math.round(number);
    }

    boolean has(String name) {
        return json.has(name);
    }

    boolean isTrue(String name) {
        return json.get(name) instanceof JsonPrimitive value && value.isBoolean() && value.getAsBoolean();
    }
}
