package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.standalone.process.Command;
import io.foresell.standalone.process.Standalone;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A suite: defined, ingested through a command, trained, and held against what was expected. */
final class SuiteIT {
    @TempDir
    static Path folder;

    private static Standalone standalone;
    private static Command command;

    @BeforeAll
    static void start() throws Exception {
        standalone =
                Standalone.start(Files.createDirectories(folder.resolve("up"))).awaitReady();
        command = standalone.command();
        Path suites = Files.createDirectories(folder.resolve("suites"));
        Path data = Files.createDirectories(folder.resolve("data"));
        try (OutputStream rows = new GZIPOutputStream(Files.newOutputStream(data.resolve("visits.csv.gz")))) {
            rows.write(visits().getBytes(StandardCharsets.UTF_8));
        }
        Files.writeString(
                suites.resolve("view.yaml"),
                """
                feature_view:
                  name: visits
                  entity: visitor
                  kind: snapshot
                  entity_key_column: line
                  columns:
                    - {name: pages, type: number}
                    - {name: minutes, type: number}
                ---
                label_view: {name: bought, entity: visitor, entity_key_column: line, column: bought, type: boolean}
                ---
                feature_set: {name: visit, entity: visitor, features: [visits.pages, visits.minutes]}
                """);
        Files.writeString(
                suites.resolve("train.yaml"),
                """
                model: buyers
                feature_set: visit
                label_view: bought
                candidates:
                  - {name: line, logistic_regression: {}}
                  - {name: steps, boosted_trees: {tree_count: 20}}
                split: {k_fold: {k: 3, by: row_index}}
                """);
        Files.writeString(
                suites.resolve("suite.yaml"),
                """
                entries:
                  - name: visits
                    define: [view.yaml]
                    ingest:
                      - file: visits.csv.gz
                        views: [visits, bought]
                        line_as: line
                        through: awk -F';' 'BEGIN { OFS = "," } NR == 1 || $1 > 0 { $1 = $1; print }'
                    train: train.yaml
                    expect:
                      - {candidate: line, metric: roc_auc, at_least: 0.8}
                      - {candidate: line, metric: brier, at_most: 0.2}
                      - {candidate: line, metric: accuracy, value: 0.8, within: 0.2}
                      - {candidate: line, metric: roc_auc, at_least_of: line}
                      - {metric: roc_auc, at_least: 0.9999}
                      - {candidate: nobody, metric: roc_auc, at_least: 0.5}
                  - name: somewhere else
                    ingest: [{file: not_here.csv, views: [visits]}]
                    train: train.yaml
                    expect: [{metric: roc_auc, at_least: 0.5}]
                """);
    }

    @AfterAll
    static void stop() {
        standalone.close();
    }

    @Test
    void figuresStandBesideWhatWasExpected() throws Exception {
        Command.Result outcome = command.run(
                "suite",
                folder.resolve("suites/suite.yaml").toString(),
                "--data",
                folder.resolve("data").toString());

        assertThat(outcome.out()).contains("4 of 6 figures reached");
        assertThat(outcome.out().lines().filter(line -> line.contains("missed")))
                .hasSize(2);
        assertThat(outcome.err()).contains("somewhere else left out").contains("not_here.csv is not there");
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(command.run("status").succeeded().out()).contains("visits");
    }

    @Test
    void aCommandThatFailsIsNamedAndNothingIsSent() throws Exception {
        Path broken = folder.resolve("suites/broken.yaml");
        Files.writeString(
                broken,
                """
                entries:
                  - name: broken
                    define: [view.yaml]
                    ingest: [{file: visits.csv.gz, views: [visits], line_as: line, through: exit 7}]
                    train: train.yaml
                """);

        Command.Result outcome = command.run(
                "suite", broken.toString(), "--data", folder.resolve("data").toString());

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("'exit 7' ended with 7 (expected: 0)");
    }

    /** Rows whose pages are 0 are dirt that the command takes away: their labels are the wrong way round. */
    private static String visits() {
        Random random = new Random(5);
        StringBuilder text = new StringBuilder("pages;minutes;bought\n");
        for (int i = 0; i < 600; i++) {
            int pages = random.nextInt(10);
            double minutes = 10 * random.nextDouble();
            boolean isBought = pages > 0 && pages + minutes + random.nextGaussian() * 2 > 9;
            text.append("%d;%.2f;%b\n".formatted(pages, minutes, isBought));
        }
        return text.toString();
    }
}
