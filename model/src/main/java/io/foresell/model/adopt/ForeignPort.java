package io.foresell.model.adopt;

import io.foresell.model.PackageException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An input or an output of a foreign graph.
 *
 * @param shape the dimensions, rows first, -1 for one that varies; null when the file does not say
 * @param labels the class of each column, where the graph says so (a ZipMap); else empty
 */
public record ForeignPort(String name, Element element, @Nullable List<Long> shape, List<String> labels) {
    public ForeignPort {
        shape = shape == null ? null : List.copyOf(shape);
        labels = List.copyOf(labels);
    }

    /** Returns how many values a row has, all dimensions but the first multiplied; -1 when the file does not say. */
    public long columns() {
        if (shape == null || shape.isEmpty()) {
            return -1;
        }
        long columns = 1;
        for (long dimension : shape.subList(1, shape.size())) {
            if (dimension < 0 || columns > Integer.MAX_VALUE) {
                return -1;
            }
            columns *= dimension;
        }
        return columns;
    }

    /** Returns e.g. "input: float [N, 8]". */
    @Override
    public String toString() {
        String dimensions = shape == null
                ? "of unknown shape"
                : shape.stream()
                        .map(dimension -> dimension < 0 ? "?" : String.valueOf(dimension))
                        .collect(Collectors.joining(", ", "[", "]"));
        return "%s: %s %s".formatted(name, element, dimensions);
    }

    static PackageException bad(String message) {
        return new PackageException(PackageException.Reason.BAD_GRAPH, "model.onnx: " + message);
    }
}
