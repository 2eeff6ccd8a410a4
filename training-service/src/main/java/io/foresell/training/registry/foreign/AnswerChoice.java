package io.foresell.training.registry.foreign;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Answer;
import io.foresell.model.Task;
import io.foresell.model.adopt.Element;
import io.foresell.model.adopt.ForeignGraph;
import io.foresell.model.adopt.ForeignPort;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which output of a graph answers a task, and which of its columns. */
final class AnswerChoice {
    private static final Set<Element> REAL = Set.of(Element.FLOAT, Element.DOUBLE, Element.FLOAT16, Element.BFLOAT16);

    private AnswerChoice() {}

    /**
     * Returns the answer that the signature asks for.
     *
     * @throws ServiceException INVALID_ARGUMENT when the graph does not have it
     */
    static Answer of(ForeignGraph graph, ForeignSignature signature) {
        ForeignSignature.Output wish = signature.output();
        ForeignPort output = output(graph, signature.task(), wish.name());
        List<String> labels = wish.labels();
        boolean isLabelled = signature.task() != Task.BINARY && signature.task() != Task.REGRESSION;
        if (isLabelled && labels.isEmpty()) {
            labels = output.labels();
        }
        Integer asked = wish.column();
        int column = asked != null ? asked : signature.task() == Task.BINARY && output.columns() == 2 ? 1 : 0;
        requireColumns(output, column, labels, isLabelled);
        try {
            return new Answer(signature.task(), output.name(), column, labels);
        } catch (IllegalArgumentException e) {
            throw new ServiceException(Failure.invalid("SIGNATURE_INVALID", "signature: " + e.getMessage()), e);
        }
    }

    private static ForeignPort output(ForeignGraph graph, Task task, String name) {
        if (name.isEmpty()) {
            return guess(graph, task)
                    .orElseThrow(() -> refused(
                            "signature.output.name",
                            "empty",
                            "the output that answers task %s, one of %s".formatted(task.key(), graph.outputs())));
        }
        return graph.outputs().stream()
                .filter(port -> port.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> refused("signature.output.name", name, "an output of the graph: " + graph.outputs()));
    }

    private static void requireColumns(ForeignPort output, int column, List<String> labels, boolean isLabelled) {
        long columns = output.columns();
        if (columns < 0 || column < 0) {
            return;
        }
        if (isLabelled && column + (long) labels.size() != columns) {
            throw refused(
                    "signature.output.labels",
                    labels.size(),
                    "%d labels, one for each column of %s".formatted(Math.max(0, columns - column), output));
        }
        if (column >= columns) {
            throw refused("signature.output.column", column, "0..%d, a column of %s".formatted(columns - 1, output));
        }
    }

    private static ServiceException refused(String field, Object value, String expected) {
        return new ServiceException(Failure.invalid("SIGNATURE_INVALID", field, value, expected));
    }

    /** Returns the output that most likely answers a task. */
    static Optional<ForeignPort> guess(ForeignGraph graph, Task task) {
        List<ForeignPort> real = graph.outputs().stream()
                .filter(port -> REAL.contains(port.element()))
                .toList();
        boolean isProbability = task == Task.BINARY || task == Task.MULTICLASS;
        Optional<ForeignPort> named = real.stream()
                .filter(port -> isProbability && isProbability(port))
                .findFirst();
        return named.isPresent() || real.size() != 1
                ? named.or(() -> real.stream().findFirst())
                : Optional.of(real.get(0));
    }

    static boolean isProbability(ForeignPort port) {
        return REAL.contains(port.element())
                && (!port.labels().isEmpty()
                        || port.name().toLowerCase(Locale.ROOT).contains("prob"));
    }
}
