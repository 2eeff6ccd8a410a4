package io.foresell.model.pack;

import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.manifest.Input;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.scorer.Background;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Everything a package holds.
 *
 * @param manifest what the model says about itself; format_version is set by the writer
 * @param onnx the graph from raw inputs to the answer; not copied
 * @param background what explanations compare a row with
 * @param goldenRows 1 to 1000 rows with the training library's answers; at best with missing and unseen values
 * @param source the training library's own files by plain name, e.g. "model.ubj"
 */
@SuppressWarnings("ArrayRecordComponent")
public record PackageContent(
        Manifest manifest, byte[] onnx, Background background, List<GoldenRow> goldenRows, Map<String, byte[]> source) {
    public PackageContent {
        goldenRows = List.copyOf(goldenRows);
        source = Map.copyOf(source);
    }

    /** Returns the manifest's inputs as a signature. */
    public Signature signature() {
        return signatureOf(manifest);
    }

    /** Returns what the model answers. */
    public Answer answer() {
        return answerOf(manifest);
    }

    static Answer answerOf(Manifest manifest) {
        Task task = Task.of(manifest.getTask());
        if (!manifest.hasAnswer()) {
            if (task != Task.BINARY) {
                throw new IllegalArgumentException(
                        "answer: absent for task %s (expected: only for binary)".formatted(manifest.getTask()));
            }
            return Answer.binary();
        }
        io.foresell.model.manifest.Answer answer = manifest.getAnswer();
        return new Answer(task, answer.getOutput(), answer.getFirstColumn(), answer.getLabelsList());
    }

    /** Returns the manifest form of an answer, for {@code Manifest.Builder.setAnswer}; its task is set beside it. */
    public static io.foresell.model.manifest.Answer answerOf(Answer answer) {
        return io.foresell.model.manifest.Answer.newBuilder()
                .setOutput(answer.output())
                .setFirstColumn(answer.firstColumn())
                .addAllLabels(answer.labels())
                .build();
    }

    static Signature signatureOf(Manifest manifest) {
        List<InputField> fields = new ArrayList<>();
        for (Input input : manifest.getInputsList()) {
            InputKind kind =
                    switch (input.getKind()) {
                        case INPUT_KIND_NUMBER -> InputKind.NUMBER;
                        case INPUT_KIND_TEXT -> InputKind.TEXT;
                        case INPUT_KIND_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalArgumentException(
                                "kind of input %s: %s (expected: NUMBER or TEXT)"
                                        .formatted(input.getName(), input.getKind()));
                    };
            fields.add(new InputField(input.getName(), kind, input.getWidth()));
        }
        return Signature.of(fields);
    }

    /** Returns the manifest form of a signature, for {@code Manifest.Builder.addAllInputs}. */
    public static List<Input> inputsOf(Signature signature, Map<String, String> descriptions) {
        return signature.inputs().stream()
                .map(field -> Input.newBuilder()
                        .setName(field.name())
                        .setKind(
                                field.kind() == InputKind.NUMBER
                                        ? io.foresell.model.manifest.InputKind.INPUT_KIND_NUMBER
                                        : io.foresell.model.manifest.InputKind.INPUT_KIND_TEXT)
                        .setWidth(field.width())
                        .setDescription(descriptions.getOrDefault(field.name(), ""))
                        .build())
                .toList();
    }
}
