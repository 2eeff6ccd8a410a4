package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.foresell.standalone.process.ChildProcess;
import io.foresell.standalone.process.Command;
import io.foresell.standalone.process.Standalone;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models trained elsewhere, from the example's files to answers over gRPC and REST, and what a bad file is told. */
final class OwnModelIT {
    private static final Path EXAMPLE = ChildProcess.ROOT.resolve("examples/own_model");
    private static final List<String> PLANS = List.of("basic", "family", "unlimited");

    @TempDir
    static Path folder;

    private static Standalone standalone;
    private static Command command;

    @BeforeAll
    static void start() throws Exception {
        standalone = Standalone.start(folder).awaitReady();
        command = standalone.command();
    }

    @AfterAll
    static void stop() {
        standalone.close();
    }

    @Test
    void anImportedModelIsReleasedScoredAndExplainedLikeAnyOther() throws Exception {
        Command.Result imported =
                command.run(importing("forest.onnx", "plan", "signature.yaml")).succeeded();
        assertThat(imported.out()).contains("plan@1");
        command.run("release", "plan@1").succeeded();
        List<String> lines = Files.readAllLines(EXAMPLE.resolve("sample.csv"));
        JsonArray rows = new JsonArray();
        lines.subList(1, lines.size()).forEach(line -> rows.add(row(line)));

        JsonArray byRest = post(rows).getAsJsonArray("rows");
        Path file = Files.writeString(folder.resolve("rows.json"), rows.toString());
        JsonArray byGrpc = JsonParser.parseString(command.run(
                                "--json", "score", "plan", "--file", file.toString(), "--labels", "3", "--reasons", "2")
                        .succeeded()
                        .out())
                .getAsJsonObject()
                .getAsJsonArray("rows");
        for (int i = 0; i < rows.size(); i++) {
            assertAnswer(lines.get(i + 1), byRest.get(i).getAsJsonObject());
            assertAnswer(lines.get(i + 1), byGrpc.get(i).getAsJsonObject());
        }
        assertThat(byRest.get(0).getAsJsonObject().getAsJsonArray("reasons")).hasSize(2);
        assertThat(command.run("score", "plan", "--row", row(lines.get(1)).toString())
                        .succeeded()
                        .out())
                .contains("basic 0.98");
    }

    private static String[] importing(String file, String model, String signature) {
        return new String[] {
            "models",
            "import",
            EXAMPLE.resolve(file).toString(),
            "--model",
            model,
            "--signature",
            EXAMPLE.resolve(signature).toString(),
            "--sample",
            EXAMPLE.resolve("sample.csv").toString()
        };
    }

    private static JsonObject row(String line) {
        String[] cells = line.split(",", -1);
        JsonObject row = new JsonObject();
        row.addProperty("minutes", Double.parseDouble(cells[0]));
        row.addProperty("gigabytes", Double.parseDouble(cells[1]));
        row.addProperty("lines", Double.parseDouble(cells[2]));
        row.addProperty("region", cells[3]);
        return row;
    }

    private static JsonObject post(JsonArray rows) throws Exception {
        JsonObject question = new JsonObject();
        question.add("rows", rows);
        question.addProperty("reasons", 2);
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://localhost:%d/v1/models/plan:score".formatted(standalone.gatewayPort())))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(question.toString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JsonParser.parseString(response.body()).getAsJsonObject();
    }

    /** Compares with what scikit-learn answered, as the example's script wrote it down. */
    private static void assertAnswer(String line, JsonObject answer) {
        String[] cells = line.split(",", -1);
        double best = -1;
        for (JsonElement each : answer.getAsJsonArray("labels")) {
            String label = each.getAsJsonObject().get("label").getAsString();
            // A score of 0 is left out of a protobuf message in JSON.
            JsonElement score = each.getAsJsonObject().get("score");
            double expected = Double.parseDouble(cells[4 + PLANS.indexOf(label)]);
            assertThat(score == null ? 0 : score.getAsDouble()).isCloseTo(expected, within(1e-5));
            best = Math.max(best, expected);
        }
        assertThat(answer.getAsJsonArray("labels")).hasSize(3);
        assertThat(answer.get("score").getAsDouble()).isCloseTo(best, within(1e-5));
        assertThat(answer.get("label").getAsString())
                .isEqualTo(answer.getAsJsonArray("labels")
                        .get(0)
                        .getAsJsonObject()
                        .get("label")
                        .getAsString());
    }

    @Test
    void versionsOfBothEnginesReplaceEachOther() throws Exception {
        command.run(importing("forest.onnx", "either", "signature.yaml")).succeeded();
        Command.Result neighbours = command.run(importing("neighbours.onnx", "either", "signature.yaml"))
                .succeeded();
        assertThat(neighbours.out()).contains("engine: onnxruntime, because operator ");
        for (int version : new int[] {1, 2, 1}) {
            command.run("release", "either@" + version).succeeded();
            String loaded = command.run("models", "loaded").succeeded().out();
            assertThat(loaded)
                    .containsPattern("either@" + version + " .*" + (version == 2 ? "onnxruntime" : "compiled"));
            assertThat(loaded.contains("operator ")).isEqualTo(version == 2);
            String score = command.run(
                            "--json",
                            "score",
                            "either",
                            "--reasons",
                            "3",
                            "--row",
                            "{\"minutes\": 251, \"gigabytes\": 2.1, \"lines\": 1, \"region\": \"south\"}")
                    .succeeded()
                    .out();
            assertThat(score).contains("\"label\": \"basic\"").contains("\"sentence\"");
        }
    }

    @Test
    void aFileIsDraftedWhenNothingIsSaidAboutIt() {
        String draft = command.run(
                        "models", "import", EXAMPLE.resolve("forest.onnx").toString())
                .succeeded()
                .out();
        assertThat(draft).contains("task: multiclass").contains("family").contains("gigabytes");
    }

    @Test
    void badFilesAreRefusedWithValueAndExpectation() throws Exception {
        String signature = EXAMPLE.resolve("signature.yaml").toString();
        String forest = EXAMPLE.resolve("forest.onnx").toString();
        refuses("not an ONNX file", file("text.onnx", "hello"), signature);
        byte[] half = java.util.Arrays.copyOf(Files.readAllBytes(EXAMPLE.resolve("forest.onnx")), 9_000);
        refuses("model.onnx", Files.write(folder.resolve("half.onnx"), half).toString(), signature);
        String text = Files.readString(EXAMPLE.resolve("signature.yaml"));
        refuses("2 (expected: 3 labels", forest, file("two.yaml", text.replace("basic, ", "")));
        refuses("expected: an output of the graph", forest, file("out.yaml", text.replace("output_probability", "p")));
        refuses("input: lins", forest, file("input.yaml", text.replace("- name: lines", "- name: lins")));
        refuses("one of [binary", forest, file("task.yaml", text.replace("multiclass", "fortune")));
        refuses("region is a NUMBER", forest, file("kind.yaml", text.replace("kind: text", "kind: number")));
        assertThat(command.run("models", "show", "bad").exitCode()).isNotZero();
    }

    private static String file(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static void refuses(String message, String onnx, String signature) {
        Command.Result result = command.run("models", "import", onnx, "--model", "bad", "--signature", signature);
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).contains(message).doesNotContain("\tat ");
    }
}
