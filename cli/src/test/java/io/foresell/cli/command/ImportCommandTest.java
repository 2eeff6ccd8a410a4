package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.registry.v1.ImportModelHeader;
import io.foresell.proto.registry.v1.ImportModelRequest;
import io.foresell.proto.registry.v1.SampleRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What 'models import' sends and says. */
final class ImportCommandTest extends AgainstFixture {
    private static final String SIGNATURE =
            """
            task: binary
            output: {name: probabilities, column: 1}
            inputs:
              - name: input
                columns:
                  - {name: visits, description: Visits a month}
                  - {name: plan, kind: text}
            """;

    private ImportModelHeader header() {
        return server.registry.imports.get(0).getHeader();
    }

    @Test
    void sendsHeaderFileAndTheColumnsOfTheModel() throws IOException {
        byte[] onnx = new byte[1_200_000];
        Path file = Files.write(folder.resolve("my model.onnx"), onnx);
        String rows = file("rows.csv", "id,plan,visits\n1,gold,3\n2,,\n");
        CommandRun run = run(
                "models",
                "import",
                file.toString(),
                "--model",
                "buyers",
                "--signature",
                file("signature.yaml", SIGNATURE),
                "--sample",
                rows);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains("churn@3")
                .contains("engine: onnxruntime, because operator TopK: unknown")
                .contains("! No sample rows came with the model.");
        assertThat(header().getModel()).isEqualTo("buyers");
        assertThat(header().getFileName()).isEqualTo("my_model.onnx");
        assertThat(header().getSignature().getInputs(0).getColumns(0).getDescription())
                .isEqualTo("Visits a month");
        assertThat(server.registry.imports.stream()
                        .mapToLong(request -> request.getChunk().size())
                        .sum())
                .isEqualTo(onnx.length);
        ImportModelRequest last = server.registry.imports.get(server.registry.imports.size() - 1);
        assertThat(last.getSample().getColumnsList()).containsExactly("plan", "visits");
        assertThat(last.getSample().getRowsList())
                .extracting(row -> List.copyOf(row.getCellsList()))
                .containsExactly(List.of("gold", "3"), List.of("", ""));
    }

    @Test
    void takesManyRowsAtEvenDistances() throws IOException {
        StringBuilder rows = new StringBuilder("plan,visits\n");
        for (int i = 0; i < 25_000; i++) {
            rows.append("basic,").append(i).append('\n');
        }
        run(
                "models",
                "import",
                file("model.onnx", "x"),
                "--model",
                "buyers",
                "--signature",
                file("signature.yaml", SIGNATURE),
                "--sample",
                file("rows.csv", rows.toString()));
        List<SampleRow> sent = server.registry.imports.stream()
                .flatMap(request -> request.getSample().getRowsList().stream())
                .toList();
        assertThat(sent).hasSize(10_000);
        assertThat(sent.get(0).getCells(1)).isEqualTo("0");
        assertThat(Integer.parseInt(sent.get(9_999).getCells(1))).isBetween(24_990, 24_999);
    }

    @Test
    void looksTheFeatureSetUp() throws IOException {
        run(
                "models",
                "import",
                file("model.onnx", "x"),
                "--model",
                "buyers",
                "--signature",
                file("signature.yaml", SIGNATURE + "feature_set: buyers\n"),
                "--task",
                "multiclass");
        assertThat(header().getSignature().getFeatureSetHash()).isEqualTo("hash-of-buyers");
        assertThat(header().getSignature().getEntity()).isEqualTo("customer");
        assertThat(header().getSignature().getTask()).isEqualTo("multiclass");
        CommandRun unknown = run(
                "models",
                "import",
                file("model.onnx", "x"),
                "--model",
                "buyers",
                "--signature",
                file("other.yaml", SIGNATURE + "feature_set: byers\n"));
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("byers").contains("buyers");
    }

    @Test
    void printsADraftThatCanBeReadBack() throws IOException {
        CommandRun draft = run("models", "import", file("model.onnx", "hello"));
        assertThat(draft.exitCode()).as(draft.err()).isEqualTo(ExitCode.OK);
        assertThat(draft.out())
                .startsWith("# Drafted from model.onnx, written by fixture 1.0.")
                .contains("# ! 5 bytes read")
                .contains("probabilities: float [?, 2]")
                .contains("input_1");
        CommandRun run = run(
                "models",
                "import",
                file("model.onnx", "x"),
                "--model",
                "buyers",
                "--signature",
                file("draft.yaml", draft.out()));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(header().getSignature().getOutput().getColumn()).isEqualTo(1);
    }

    @Test
    void refusesWhatCannotBeSent() throws IOException {
        String signature = file("signature.yaml", SIGNATURE);
        String model = file("model.onnx", "x");
        CommandRun missing = run("models", "import", "nowhere.onnx", "--model", "buyers", "--signature", signature);
        assertThat(missing.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(missing.err()).contains("nowhere.onnx").contains("(expected: a usable file)");
        CommandRun unnamed = run("models", "import", model, "--signature", signature);
        assertThat(unnamed.err()).contains("--model NAME");
        CommandRun mistyped = run(
                "models", "import", model, "--model", "b", "--signature", file("bad.yaml", "tsk: binary\ninputs: 3\n"));
        assertThat(mistyped.err()).contains("tsk").contains("task");
        assertThat(server.registry.imports).isEmpty();
    }
}
