package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.foresell.standalone.process.Buyers;
import io.foresell.standalone.process.Command;
import io.foresell.standalone.process.Standalone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The life of a prediction: scored by entity, labelled, measured, replayed bit for bit after the champion changed and after a SIGKILL of
 * everything, and erased.
 */
final class PredictionLogIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int BUYERS = 200;

    @TempDir
    Path folder;

    @Test
    void predictionsAreLoggedLabelledMeasuredReplayedAndErased() throws Exception {
        try (Standalone standalone = Standalone.start(folder).awaitReady()) {
            Command command = standalone.command();
            define(command);
            trainAndRelease(command, 1, "logistic_regression: {}");

            JsonArray rows = score(command);
            String first = text(rows, 0, "predictionId");
            awaitLogged(command, BUYERS);
            report(command, rows);
            JsonObject metrics = json(command.run("live", "leaving", "--by", "visits", "--json"));
            JsonObject version = metrics.getAsJsonArray("versions").get(0).getAsJsonObject();
            requireFigures(version.getAsJsonObject("metrics"), rows);
            assertThat(version.getAsJsonArray("slices")).as("quarters").hasSizeGreaterThan(2);

            requireSameReplay(command, first);
            trainAndRelease(command, 2, "decision_tree: {}");
            assertThat(text(score(command), 0, "modelVersion")).isEqualTo("2");
            requireSameReplay(command, first);
            awaitLogged(command, 2 * BUYERS); // a SIGKILL may take what waits
            standalone.process().kill();
            standalone.startAgain();
            standalone.awaitReady();
            requireSameReplay(command, first);

            erase(command, first);
        }
    }

    private void define(Command command) throws IOException {
        Files.writeString(folder.resolve("buyers.csv"), labelled());
        command.run(Buyers.define(folder)).succeeded();
        command.run(Buyers.ingest(folder)).succeeded();
    }

    private void trainAndRelease(Command command, int version, String candidate) throws IOException {
        command.run("train", Buyers.spec(folder, candidate).toString()).succeeded();
        command.run("release", "leaving@" + version).succeeded();
    }

    private static JsonArray score(Command command) {
        List<String> arguments = new ArrayList<>(List.of("score", "leaving", "--reasons", "2", "--json"));
        for (int i = 0; i < BUYERS; i++) {
            arguments.add("B" + i);
        }
        return json(command.run(arguments.toArray(new String[0]))).getAsJsonArray("rows");
    }

    private static void awaitLogged(Command command, int count) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (json(command.run("predictions", "status", "--json"))
                        .get("predictionCount")
                        .getAsLong()
                < count) {
            assertThat(System.nanoTime()).as("predictions are logged").isLessThan(end);
            Thread.sleep(100);
        }
    }

    /** Half by prediction, half by subject; who left is what the training data said. */
    private void report(Command command, JsonArray rows) throws IOException {
        StringBuilder byPrediction = new StringBuilder("prediction_id,outcome\n");
        StringBuilder bySubject = new StringBuilder("buyer,left\n");
        for (int i = 0; i < BUYERS; i++) {
            if (i % 2 == 0) {
                byPrediction.append("%s,%s\n".formatted(text(rows, i, "predictionId"), isLeaving(i) ? "Yes" : "No"));
            } else {
                bySubject.append("B%d,%d\n".formatted(i, isLeaving(i) ? 1 : 0));
            }
        }
        Path first = Files.writeString(folder.resolve("by-prediction.csv"), byPrediction);
        Path second = Files.writeString(folder.resolve("by-subject.csv"), bySubject);
        assertThat(command.run("outcomes", first.toString()).succeeded().out())
                .contains("100 outcomes of by-prediction.csv: 100 new, 0 known already; 100 predictions labelled");
        String until = Instant.now().plusSeconds(60).toString();
        String[] subjects = {
            "outcomes",
            second.toString(),
            "--subject",
            "buyer",
            "--model",
            "leaving",
            "--value",
            "left",
            "--from",
            "2024-01-01",
            "--until",
            until
        };
        assertThat(command.run(subjects).succeeded().out()).contains("100 new", "100 predictions labelled");
        assertThat(command.run("outcomes", first.toString()).succeeded().out())
                .as("sent again")
                .contains("0 new, 100 known already");
    }

    /** The area under the curve, pair by pair from the answers themselves. */
    private static void requireFigures(JsonObject metrics, JsonArray rows) {
        double wins = 0;
        double pairs = 0;
        for (int i = 0; i < BUYERS; i++) {
            for (int j = 0; j < BUYERS; j++) {
                if (isLeaving(i) && !isLeaving(j)) {
                    pairs++;
                    double difference = number(rows, i) - number(rows, j);
                    wins += difference > 0 ? 1 : difference == 0 ? 0.5 : 0;
                }
            }
        }
        assertThat(metrics.get("predictionCount").getAsLong()).isEqualTo(BUYERS);
        assertThat(metrics.get("labelledCount").getAsLong()).isEqualTo(BUYERS);
        assertThat(metrics.get("rocAuc").getAsDouble())
                .isCloseTo(wins / pairs, org.assertj.core.api.Assertions.within(1e-12));
        assertThat(metrics.getAsJsonArray("calibration")).hasSize(10);
    }

    private static void requireSameReplay(Command command, String id) {
        JsonObject replay = json(command.run("replay", id, "--json"));
        assertThat(replay.get("isAnswerSame").getAsBoolean())
                .as(replay.toString())
                .isTrue();
        assertThat(replay.get("areReasonsSame").getAsBoolean())
                .as(replay.toString())
                .isTrue();
        assertThat(replay.getAsJsonObject("recorded")
                        .getAsJsonObject("record")
                        .get("modelVersion")
                        .getAsInt())
                .isEqualTo(1);
    }

    private static void erase(Command command, String first) {
        JsonObject erased = json(command.run("predictions", "erase", "B0", "--json"));
        assertThat(erased.get("predictionCount").getAsLong())
                .as("one of each version")
                .isEqualTo(2);
        assertThat(erased.get("outcomeCount").getAsLong()).isEqualTo(1);
        assertThat(command.run("replay", first).err()).contains("not found");
        assertThat(command.run("predictions", "list", "--subject", "B0")
                        .succeeded()
                        .out())
                .contains("no predictions logged");
        assertThat(command.run("predictions", "list", "--subject", "B1")
                        .succeeded()
                        .out())
                .contains("leaving@1");
    }

    private static JsonObject json(Command.Result result) {
        return JsonParser.parseString(result.succeeded().out()).getAsJsonObject();
    }

    private static String text(JsonArray rows, int row, String field) {
        return rows.get(row).getAsJsonObject().get(field).getAsString();
    }

    private static double number(JsonArray rows, int row) {
        return rows.get(row).getAsJsonObject().get("score").getAsDouble();
    }

    private static boolean isLeaving(int buyer) {
        return ((buyer * 37) % 50 < 15) ^ (buyer % 7 == 0);
    }

    private static String labelled() {
        StringBuilder text = new StringBuilder("id,visits,left\n");
        for (int i = 0; i < BUYERS; i++) {
            text.append("B%d,%d,%s\n".formatted(i, (i * 37) % 50, isLeaving(i) ? "Yes" : "No"));
        }
        return text.toString();
    }
}
