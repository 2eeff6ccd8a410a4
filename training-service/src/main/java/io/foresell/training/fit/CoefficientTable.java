package io.foresell.training.fit;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The weights of a linear model, for people and reports.
 *
 * @param method how they were fitted, e.g. "ordinary least squares"
 * @param standardErrors says where the standard errors come from and what they are worth, or why there are none
 * @param coefficients by class and encoded column, the intercept of a class first
 * @param omittedCount how many more coefficients there are, all smaller than those shown
 * @param figures numbers of the whole fit, e.g. {@code r_squared}, {@code residual_deviation}, {@code degrees_of_freedom}
 */
public record CoefficientTable(
        String method,
        String standardErrors,
        List<Coefficient> coefficients,
        int omittedCount,
        Map<String, Double> figures) {
    /** The name of the table among the files of a package. */
    public static final String FILE = "coefficients.json";

    public CoefficientTable {
        coefficients = List.copyOf(coefficients);
        figures = Map.copyOf(figures);
    }

    /** Returns the table as JSON, the same bytes for the same table; what is unknown is left out. */
    public byte[] toJson() {
        JsonObject table = new JsonObject();
        table.addProperty("method", method);
        table.addProperty("standard_errors", standardErrors);
        new TreeMap<>(figures).forEach((name, value) -> add(table, name, value));
        if (omittedCount > 0) {
            table.addProperty("omitted_count", omittedCount);
        }
        JsonArray rows = new JsonArray();
        coefficients.forEach(coefficient -> rows.add(json(coefficient)));
        table.add("coefficients", rows);
        return new GsonBuilder()
                .disableHtmlEscaping()
                .setPrettyPrinting()
                .create()
                .toJson(table)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject json(Coefficient coefficient) {
        JsonObject row = new JsonObject();
        if (!coefficient.label().isEmpty()) {
            row.addProperty("label", coefficient.label());
        }
        row.addProperty("name", coefficient.name());
        add(row, "estimate", coefficient.estimate());
        add(row, "standard_error", coefficient.standardError());
        add(row, "statistic", coefficient.statistic());
        add(row, "p_value", coefficient.pValue());
        add(row, "unit", coefficient.unit());
        if (coefficient.isLeftOut()) {
            row.addProperty("is_left_out", true);
        }
        return row;
    }

    private static void add(JsonObject to, String name, double value) {
        if (Double.isFinite(value)) {
            to.addProperty(name, value);
        }
    }
}
