package io.foresell.training.registry.foreign;

import io.foresell.model.InputField;
import io.foresell.model.Task;
import io.foresell.model.adopt.Adoption;
import io.foresell.model.adopt.ForeignGraph;
import io.foresell.model.adopt.ForeignPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * What a file most likely means, to be corrected by the person who brings it.
 *
 * @param outputs the outputs in words
 * @param producer the library that wrote the file; may be empty
 * @param warnings what was guessed or does not fit
 */
public record SignatureDraft(
        ForeignSignature signature, List<ForeignPort> outputs, String producer, List<String> warnings) {
    private static final int MAX_LABELS = 10_000;

    public SignatureDraft {
        outputs = List.copyOf(outputs);
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads a file.
     *
     * @throws io.foresell.kit.ServiceException INVALID_ARGUMENT when it is no ONNX file
     */
    public static SignatureDraft of(byte[] onnx) {
        ForeignGraph graph = Refusals.of(() -> ForeignGraph.inspect(onnx));
        List<String> warnings = new ArrayList<>();
        Map<String, List<ForeignSignature.Column>> inputs = new LinkedHashMap<>();
        for (ForeignPort input : graph.inputs()) {
            inputs.put(input.name(), columns(input, warnings));
        }
        Task task = task(graph);
        warnings.add("task %s: guessed from the outputs".formatted(task.key()));
        ForeignSignature.Output output = AnswerChoice.guess(graph, task)
                .map(port -> output(graph, port, task))
                .orElseGet(() -> {
                    warnings.add("outputs: %s (expected: one of floats)".formatted(graph.outputs()));
                    return new ForeignSignature.Output("", null, List.of(), false);
                });
        return new SignatureDraft(
                new ForeignSignature(task, "", "", output, inputs, null, "", "", ""),
                graph.outputs(),
                graph.producer(),
                warnings);
    }

    private static List<ForeignSignature.Column> columns(ForeignPort input, List<String> warnings) {
        if (input.columns() < 1 || input.columns() > InputField.MAX_WIDTH) {
            warnings.add("input %s (expected: 1..%d columns, said by the file)".formatted(input, InputField.MAX_WIDTH));
            return List.of();
        }
        return Adoption.columnsOf(input).stream()
                .map(field -> new ForeignSignature.Column(field.name(), field.kind(), 1, ""))
                .toList();
    }

    private static Task task(ForeignGraph graph) {
        for (ForeignPort port : graph.outputs()) {
            if (AnswerChoice.isProbability(port)) {
                return port.columns() > 2 ? Task.MULTICLASS : Task.BINARY;
            }
        }
        long widest =
                graph.outputs().stream().mapToLong(ForeignPort::columns).max().orElse(1);
        return widest > 1 ? Task.CLUSTERS : Task.REGRESSION;
    }

    private static ForeignSignature.Output output(ForeignGraph graph, ForeignPort port, Task task) {
        boolean isLabelled = task == Task.MULTICLASS || task == Task.CLUSTERS;
        List<String> labels = !isLabelled
                ? List.of()
                : !port.labels().isEmpty()
                        ? port.labels()
                        : LongStream.range(0, Math.min(MAX_LABELS, Math.max(0, port.columns())))
                                .mapToObj(Long::toString)
                                .toList();
        Integer column = task == Task.BINARY ? (port.columns() == 2 ? 1 : 0) : null;
        // Who takes the place of the least value answers distances.
        boolean isNegated = task == Task.CLUSTERS && graph.operators().contains("ArgMin");
        return new ForeignSignature.Output(port.name(), column, labels, isNegated);
    }
}
