package io.foresell.training.run;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Says what the rows of each cluster are like: size, the mean of every number and the most frequent text beside those of all
 * training rows, and the inputs that set it apart most in a sentence. Rows are put in clusters as serving will.
 */
final class ClusterDescriptions {
    /** The file among the package's sources. */
    static final String FILE = "clusters.json";

    private static final int TOLD_INPUTS = 3;

    private final FittedParts parts;
    private final Map<String, String> descriptions;
    private final Signature signature;
    private final Rows rows;
    private final ClusterLookup lookup;
    private final int[] groups;

    private ClusterDescriptions(FittedParts parts, Map<String, String> descriptions) {
        this.parts = parts;
        this.descriptions = descriptions;
        this.signature = parts.signature();
        this.rows = parts.fold().rows(signature);
        this.lookup = new ClusterLookup(parts);
        this.groups = lookup.clusters(rows);
    }

    /** Returns the file; equal models, equal bytes. */
    static byte[] of(FittedParts parts, Map<String, String> descriptions) {
        JsonObject file = new ClusterDescriptions(parts, descriptions).file();
        return new GsonBuilder()
                .setPrettyPrinting()
                .disableHtmlEscaping()
                .create()
                .toJson(file)
                .getBytes(StandardCharsets.UTF_8);
    }

    private JsonObject file() {
        JsonObject file = new JsonObject();
        file.addProperty("rowCount", rows.rowCount());
        JsonArray notes = new JsonArray();
        parts.notes().forEach(notes::add);
        file.add("notes", notes);
        JsonArray clusters = new JsonArray();
        for (int cluster = 0; cluster < lookup.count() + (lookup.hasNoise() ? 1 : 0); cluster++) {
            clusters.add(cluster(cluster));
        }
        file.add("clusters", clusters);
        return file;
    }

    private boolean isIn(int row, int cluster) {
        return groups[row] == (cluster == lookup.count() ? -1 : cluster);
    }

    /** One input of one cluster, and how much it sets the cluster apart. */
    private record Trait(JsonObject json, String words, double distance) {}

    private JsonObject cluster(int cluster) {
        int size = 0;
        for (int row = 0; row < groups.length; row++) {
            size += isIn(row, cluster) ? 1 : 0;
        }
        JsonArray numbers = new JsonArray();
        JsonArray texts = new JsonArray();
        List<Trait> traits = new ArrayList<>();
        for (int i = 0; i < signature.inputs().size() && size > 0; i++) {
            InputField field = signature.inputs().get(i);
            boolean isText = field.kind() == InputKind.TEXT;
            Trait trait = isText ? text(field, cluster, size) : number(field, cluster);
            (isText ? texts : numbers).add(trait.json());
            traits.add(trait);
        }
        JsonObject json = new JsonObject();
        json.addProperty("label", lookup.label(cluster));
        json.addProperty("size", size);
        json.addProperty("share", size / (double) groups.length);
        json.addProperty("summary", summary(traits));
        json.add("numbers", numbers);
        json.add("texts", texts);
        return json;
    }

    private static String summary(List<Trait> traits) {
        return traits.stream()
                .sorted(Comparator.comparingDouble((Trait trait) -> -trait.distance()))
                .limit(TOLD_INPUTS)
                .map(Trait::words)
                .reduce((first, second) -> first + ", " + second)
                .orElse("no rows");
    }

    private JsonObject described(InputField field) {
        JsonObject json = new JsonObject();
        json.addProperty("input", field.name());
        String description = descriptions.getOrDefault(field.name(), "");
        if (!description.isEmpty()) {
            json.addProperty("description", description);
        }
        return json;
    }

    private String called(InputField field) {
        return descriptions.getOrDefault(field.name(), field.name());
    }

    /** The steps of a sequence count together. */
    private Trait number(InputField field, int cluster) {
        Moments own = new Moments();
        Moments all = new Moments();
        for (int row = 0; row < groups.length; row++) {
            int at = row * signature.numberWidth() + signature.offset(field.name());
            for (int step = at; step < at + field.width(); step++) {
                all.add(rows.numbers()[step]);
                if (isIn(row, cluster)) {
                    own.add(rows.numbers()[step]);
                }
            }
        }
        JsonObject json = described(field);
        if (own.count == 0) {
            return new Trait(json, called(field) + " missing", 0);
        }
        double deviations = all.deviation() == 0 ? 0 : (own.mean - all.mean) / all.deviation();
        json.addProperty("mean", own.mean);
        json.addProperty("overallMean", all.mean);
        json.addProperty("deviations", deviations);
        String words = "%s %s (all: %s)".formatted(called(field), shown(own.mean), shown(all.mean));
        return new Trait(json, words, Math.abs(deviations));
    }

    /** Mean and deviation of the values that are there (Welford 1962). */
    private static final class Moments {
        private long count;
        private double mean;
        private double squares;

        void add(float value) {
            if (!Float.isNaN(value)) {
                count++;
                double difference = value - mean;
                mean += difference / count;
                squares += difference * (value - mean);
            }
        }

        double deviation() {
            return Math.sqrt(squares / count);
        }
    }

    private Trait text(InputField field, int cluster, int size) {
        Map<String, Integer> own = new TreeMap<>();
        Map<String, Integer> all = new TreeMap<>();
        for (int row = 0; row < groups.length; row++) {
            String text = rows.texts()[row * signature.textWidth() + signature.offset(field.name())];
            all.merge(text, 1, Integer::sum);
            if (isIn(row, cluster)) {
                own.merge(text, 1, Integer::sum);
            }
        }
        String most = own.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(
                                Map.Entry.<String, Integer>comparingByKey().reversed()))
                .map(Map.Entry::getKey)
                .orElse("");
        double share = own.getOrDefault(most, 0) / (double) size;
        double overall = all.getOrDefault(most, 0) / (double) groups.length;
        JsonObject json = described(field);
        json.addProperty("mostFrequent", most);
        json.addProperty("share", share);
        json.addProperty("overallShare", overall);
        String words = String.format(
                Locale.ROOT,
                "%s %s %.0f %% (all: %.0f %%)",
                called(field),
                most.isEmpty() ? "missing" : "\"" + most + "\"",
                100 * share,
                100 * overall);
        // In units like those of a number that is 1 or 0.
        double deviation = Math.sqrt(overall * (1 - overall));
        return new Trait(json, words, deviation == 0 ? 0 : Math.abs(share - overall) / deviation);
    }

    private static String shown(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%.0f" : size >= 1 ? "%.1f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
