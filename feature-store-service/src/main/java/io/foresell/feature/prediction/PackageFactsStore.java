package io.foresell.feature.prediction;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.WriteModel;
import io.foresell.feature.database.FeatureCollection;
import io.foresell.feature.database.FeatureDatabase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** The descriptions of packages by digest; one per version ever logged, kept for good. Thread-safe. */
final class PackageFactsStore {
    private final FeatureCollection packages;
    private final Set<String> knownDigests = ConcurrentHashMap.newKeySet(); // grows by one per version ever logged

    PackageFactsStore(FeatureDatabase database) {
        packages = database.collection("prediction_packages");
    }

    void keep(List<PackageFacts> facts) {
        List<WriteModel<Document>> writes = new ArrayList<>();
        for (PackageFacts one : facts) {
            if (!knownDigests.contains(one.digest())) {
                writes.add(new ReplaceOneModel<>(
                        Filters.eq("_id", one.digest()), encode(one), new ReplaceOptions().upsert(true)));
            }
        }
        // Whoever wrote at the same time wrote the same.
        boolean unused = packages.write(writes);
        facts.forEach(one -> knownDigests.add(one.digest()));
    }

    /** Returns those digests that nothing is known of. */
    List<String> unknown(Collection<String> digests) {
        Set<String> asked = new HashSet<>(digests);
        asked.removeAll(knownDigests);
        if (!asked.isEmpty()) {
            Set<String> existing = packages.existing(asked);
            knownDigests.addAll(existing);
            asked.removeAll(existing);
        }
        return asked.stream().sorted().toList();
    }

    /** Returns what is known of packages, by digest. */
    Map<String, PackageFacts> find(Collection<String> digests) {
        Map<String, PackageFacts> found = new HashMap<>();
        for (Document document : packages.findByIds(digests)) {
            PackageFacts facts = decode(document);
            found.put(facts.digest(), facts);
        }
        return found;
    }

    /** Returns some package of a model, or null. */
    @Nullable
    PackageFacts anyOf(String model) {
        List<Document> some = packages.page(Filters.eq("model", model), Sorts.ascending("_id"), 1);
        return some.isEmpty() ? null : decode(some.get(0));
    }

    private static Document encode(PackageFacts facts) {
        List<Document> inputs = new ArrayList<>();
        for (PackageFacts.Field field : facts.inputs()) {
            inputs.add(new Document("name", field.name())
                    .append("text", field.isText())
                    .append("width", field.width()));
        }
        return new Document("_id", facts.digest())
                .append("revision", 1L)
                .append("model", facts.model())
                .append("task", facts.task())
                .append("inputs", inputs)
                .append(
                        "profiles",
                        facts.profiles().stream().map(PackageFactsStore::encode).toList());
    }

    private static Document encode(PackageFacts.Profile profile) {
        return new Document("input", profile.input())
                .append(
                        "edges",
                        profile.edges().stream().map(Float::doubleValue).toList())
                .append("shares", profile.shares())
                .append("missing_share", profile.missingShare())
                .append("texts", List.copyOf(profile.textShares().keySet()))
                .append("text_shares", List.copyOf(profile.textShares().values()))
                .append("row_count", profile.rowCount());
    }

    private static PackageFacts decode(Document document) {
        List<PackageFacts.Field> inputs = new ArrayList<>();
        for (Document input : document.getList("inputs", Document.class)) {
            inputs.add(new PackageFacts.Field(
                    input.getString("name"), input.getBoolean("text"), input.getInteger("width")));
        }
        return new PackageFacts(
                document.getString("_id"),
                document.getString("model"),
                document.getString("task"),
                inputs,
                document.getList("profiles", Document.class).stream()
                        .map(PackageFactsStore::profile)
                        .toList());
    }

    private static PackageFacts.Profile profile(Document document) {
        List<String> texts = document.getList("texts", String.class);
        List<Double> textShares = document.getList("text_shares", Double.class);
        Map<String, Double> shareByText = new HashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            shareByText.put(texts.get(i), textShares.get(i));
        }
        return new PackageFacts.Profile(
                document.getString("input"),
                document.getList("edges", Double.class).stream()
                        .map(Double::floatValue)
                        .toList(),
                document.getList("shares", Double.class),
                document.getDouble("missing_share"),
                shareByText,
                document.getLong("row_count"));
    }
}
