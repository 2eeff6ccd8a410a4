package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.foresell.standalone.process.ChildProcess;
import io.foresell.standalone.process.Command;
import io.foresell.standalone.process.Standalone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments of customers from order lines, without a label view: trained, released, scored by key with reasons. */
final class SegmentsIT {
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
    void customersAreGroupedByWhatTheyOrdered() throws Exception {
        Path lines = Files.writeString(folder.resolve("order_lines.csv"), lines());
        Path spec = Files.writeString(
                folder.resolve("segments.yaml"),
                """
                model: segments
                feature_set: customer_rfm
                task: clusters
                until_time: "2011-09-09"
                candidates: [{k_means: {k: 2, names: [regulars, lost]}}]
                meaning: {en: segment}
                """);
        command.run(
                        "define",
                        ChildProcess.ROOT
                                .resolve("examples/online_retail/view.yaml")
                                .toString())
                .succeeded();
        command.run("ingest", "order_lines", lines.toString()).succeeded();
        command.run("train", spec.toString()).succeeded();
        command.run("release", "segments@1").succeeded();

        assertThat(command.run("evaluate", "segments").succeeded().out())
                .contains("silhouette", "regulars", "days since the last order", "Inertia");
        JsonArray rows = JsonParser.parseString(command.run("--json", "score", "segments", "--reasons", "3", "C1", "C2")
                        .succeeded()
                        .out())
                .getAsJsonObject()
                .getAsJsonArray("rows");
        for (int i = 0; i < 2; i++) {
            JsonObject row = rows.get(i).getAsJsonObject();
            assertThat(row.get("label").getAsString()).isIn("regulars", "lost");
            assertThat(row.getAsJsonArray("reasons")).isNotEmpty();
            assertThat(row.getAsJsonArray("reasons")
                            .get(0)
                            .getAsJsonObject()
                            .get("sentence")
                            .getAsString())
                    .contains("segment");
        }
    }

    /** Two of three customers order every few days until the end, the others stopped half a year before. */
    private static String lines() {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("customer_id,date,invoice,amount\n");
        for (int customer = 0; customer < 120; customer++) {
            boolean isLost = customer % 3 == 0;
            int orders = isLost ? 2 : 8 + random.nextInt(4);
            for (int order = 0; order < orders; order++) {
                int month = isLost ? 1 + order : 1 + order % 8;
                text.append("C%d,2011-%02d-%02d,%d,%.2f\n"
                        .formatted(
                                customer,
                                month,
                                1 + random.nextInt(28),
                                customer * 100 + order,
                                5 + 20 * random.nextDouble()));
            }
        }
        return text.toString();
    }
}
