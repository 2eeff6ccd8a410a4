package io.foresell.model.scorer;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.foresell.model.PackageException;

/** Makes the exception for a graph that contradicts itself. */
final class BadGraph {
    private BadGraph() {}

    @FormatMethod
    static PackageException of(@FormatString String format, Object... arguments) {
        return new PackageException(PackageException.Reason.BAD_GRAPH, "model.onnx: " + format.formatted(arguments));
    }
}
