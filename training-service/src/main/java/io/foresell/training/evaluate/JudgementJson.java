package io.foresell.training.evaluate;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Between a {@link Judged} and {@code judgement.json}; the same judgement always gives the same bytes. */
public final class JudgementJson {
    /** Is the name of the file among a package's source files. */
    public static final String FILE_NAME = "judgement.json";

    private static final JsonSerializer<Double> FINITE = (value, type, context) -> finite(value);

    private static final Gson GSON = new GsonBuilder()
            .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
            .registerTypeAdapter(double.class, FINITE)
            .registerTypeAdapter(Double.class, FINITE)
            .disableHtmlEscaping()
            .create();

    private JudgementJson() {}

    /** Six digits say all there is to know of a measured figure; what does not exist is left out. */
    private static JsonElement finite(Double value) {
        if (value == null || value.isNaN() || value.isInfinite()) {
            return JsonNull.INSTANCE;
        }
        double rounded = value == 0 ? 0 : Double.parseDouble(String.format(Locale.ROOT, "%.6g", value));
        return rounded == Math.rint(rounded) && Math.abs(rounded) < 1e15
                ? new JsonPrimitive((long) rounded)
                : new JsonPrimitive(rounded);
    }

    /** Returns the file. */
    public static byte[] write(Judged judged) {
        return GSON.toJson(judged).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a file; a number that is absent is 0 where there must be one, and parts that are absent are null.
     *
     * @throws com.google.gson.JsonParseException when it is not in this form
     */
    public static Judged read(byte[] json) {
        return GSON.fromJson(new String(json, StandardCharsets.UTF_8), Judged.class);
    }
}
