package io.foresell.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.foresell.cli.terminal.Table;
import io.foresell.cli.terminal.Terminal;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.DownloadPackageRequest;
import io.foresell.proto.registry.v1.ModelVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** How the clusters of a version look: the package says what the rows of each are like. */
final class ClusterText {
    private static final String TASK = "clusters";
    private static final String ENTRY = "source/clusters.json";
    private static final int BAR_WIDTH = 20;

    private final Session session;
    private final Terminal terminal;

    ClusterText(Session session) {
        this.session = session;
        this.terminal = session.terminal();
    }

    /** Prints nothing for a version of another task, or one whose package says nothing about its clusters. */
    void print(ModelVersion version) {
        if (version.getTask().equals(TASK)) {
            descriptions(version).ifPresent(this::print);
        }
    }

    private Optional<JsonObject> descriptions(ModelVersion version) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        session.services()
                .registryDownloads()
                .downloadPackage(DownloadPackageRequest.newBuilder()
                        .setModel(version.getModel())
                        .setVersion(version.getVersion())
                        .build())
                .forEachRemaining(
                        response -> bytes.writeBytes(response.getChunk().toByteArray()));
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals(ENTRY)) {
                    String text = new String(zip.readAllBytes(), StandardCharsets.UTF_8);
                    return Optional.of(JsonParser.parseString(text).getAsJsonObject());
                }
            }
            return Optional.empty();
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new ServiceException(
                    Failure.dataLoss(
                            "PACKAGE_UNREADABLE",
                            "%s of %s@%d: %s (expected: a JSON object in a zip file)"
                                    .formatted(ENTRY, version.getModel(), version.getVersion(), e.getMessage())),
                    e);
        }
    }

    private void print(JsonObject file) {
        terminal.line("");
        terminal.line(terminal.bold(
                "clusters of %s rows".formatted(Shown.count(file.get("rowCount").getAsLong()))));
        JsonArray clusters = file.getAsJsonArray("clusters");
        Table sizes = new Table("cluster", ">rows", ">share", "", "what sets it apart");
        for (JsonElement each : clusters) {
            JsonObject cluster = each.getAsJsonObject();
            double share = cluster.get("share").getAsDouble();
            sizes.row(
                    text(cluster, "label"),
                    Shown.count(cluster.get("size").getAsLong()),
                    Shown.percent(share),
                    terminal.bar(share, BAR_WIDTH),
                    text(cluster, "summary"));
        }
        sizes.print(terminal);
        clusters.forEach(each -> inputs(each.getAsJsonObject()));
        terminal.line("");
        file.getAsJsonArray("notes").forEach(note -> terminal.line(note.getAsString()));
    }

    private void inputs(JsonObject cluster) {
        Table table = new Table(text(cluster, "label"), ">here", ">all", ">deviations");
        for (JsonElement each : cluster.getAsJsonArray("numbers")) {
            JsonObject input = each.getAsJsonObject();
            table.row(
                    called(input),
                    number(input, "mean"),
                    number(input, "overallMean"),
                    input.has("deviations")
                            ? "%+.2f".formatted(input.get("deviations").getAsDouble())
                            : "");
        }
        for (JsonElement each : cluster.getAsJsonArray("texts")) {
            JsonObject input = each.getAsJsonObject();
            String most = text(input, "mostFrequent");
            table.row(
                    "%s = %s".formatted(called(input), most.isEmpty() ? "(missing)" : most),
                    Shown.percent(input.get("share").getAsDouble()),
                    Shown.percent(input.get("overallShare").getAsDouble()),
                    "");
        }
        if (!table.isEmpty()) {
            terminal.line("");
            table.print(terminal);
        }
    }

    private static String called(JsonObject input) {
        return input.has("description") ? text(input, "description") : text(input, "input");
    }

    private static String text(JsonObject object, String name) {
        return object.get(name).getAsString();
    }

    private static String number(JsonObject input, String name) {
        return input.has(name) ? "%.4g".formatted(input.get(name).getAsDouble()) : "(missing)";
    }
}
