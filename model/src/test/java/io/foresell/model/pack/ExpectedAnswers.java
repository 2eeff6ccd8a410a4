package io.foresell.model.pack;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the build that wrote a golden package answered: the file beside it, one JSON object a line. The first line holds
 * the digest and the base of the explanations, each further line a row with its answers and contributions.
 */
final class ExpectedAnswers {
    private final JsonObject head;
    private final List<JsonObject> rows = new ArrayList<>();

    private ExpectedAnswers(List<String> lines) {
        this.head = JsonParser.parseString(lines.get(0)).getAsJsonObject();
        for (String line : lines.subList(1, lines.size())) {
            rows.add(JsonParser.parseString(line).getAsJsonObject());
        }
    }

    static ExpectedAnswers read(String resource) {
        String text = new String(bytes(resource), StandardCharsets.UTF_8);
        return new ExpectedAnswers(text.lines().toList());
    }

    /** Returns a file of the test resources. */
    static byte[] bytes(String resource) {
        try (InputStream stream = ExpectedAnswers.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new AssertionError("no resource " + resource);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String digest() {
        return head.get("digest").getAsString();
    }

    /** Returns what the contributions to a target start from; NaN when they do not add up. */
    double base(int target) {
        return head.has("base")
                ? head.get("base").getAsDouble()
                : head.getAsJsonArray("bases").get(target).getAsDouble();
    }

    int rowCount() {
        return rows.size();
    }

    /** Returns rows {@code from} (inclusive) to {@code to} (exclusive). */
    Rows rows(Signature signature, int from, int to) {
        float[] numbers = new float[(to - from) * signature.numberWidth()];
        String[] texts = new String[(to - from) * signature.textWidth()];
        int number = 0;
        int text = 0;
        for (JsonObject row : rows.subList(from, to)) {
            for (JsonElement value : row.getAsJsonArray("numbers")) {
                numbers[number++] = value.getAsFloat();
            }
            for (JsonElement value : row.getAsJsonArray("texts")) {
                texts[text++] = value.getAsString();
            }
        }
        return new Rows(to - from, numbers, texts);
    }

    /** Returns the answers to a row; one probability in the first format. */
    double[] answers(int row) {
        JsonObject expected = rows.get(row);
        return expected.has("answers")
                ? doubles(expected.getAsJsonArray("answers"))
                : new double[] {expected.get("probability").getAsDouble()};
    }

    /** Returns whether the contributions to the answers were kept. */
    boolean hasContributions() {
        return !rows.get(0).getAsJsonArray("contributions").isEmpty();
    }

    /** Returns one contribution per input to a target. */
    double[] contributions(int row, int target) {
        JsonArray values = rows.get(row).getAsJsonArray("contributions");
        return doubles(values.get(0).isJsonArray() ? values.get(target).getAsJsonArray() : values);
    }

    private static double[] doubles(JsonArray values) {
        double[] doubles = new double[values.size()];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = values.get(i).getAsDouble();
        }
        return doubles;
    }
}
