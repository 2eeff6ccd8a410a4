package io.foresell.training.fit;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model as the training library holds it. Not thread-safe; close it to free native memory. */
public interface FittedModel extends AutoCloseable {
    /** Returns the inputs it reads: the features that had a value in the training fold. */
    Signature signature();

    /** Returns what it answers. */
    Answer answer();

    /** Returns the ONNX file from raw inputs to the answer. */
    byte[] onnx();

    /** Returns the answers to every row as the training library itself computes them, shape [rowCount, answer width]. */
    double[] predict(Rows rows);

    /**
     * Returns the greatest difference allowed between the library and our scorer, at most 1e-4, relative to answers as in
     * {@link Answer#scales}.
     */
    double parityTolerance();

    /** Returns the training library's own files by plain name, the same bytes for the same model; none of our own code. */
    default Map<String, byte[]> source() {
        return Map.of();
    }

    /** Names how probabilities were calibrated, e.g. "platt"; empty when they were not. */
    default String calibration() {
        return "";
    }

    /** Returns the versions of the libraries that fitted it; none when our own code did. */
    default Map<String, String> libraryVersions() {
        return Map.of();
    }

    /** Returns the weights of a linear model with what is known of their errors; they are also among {@link #source}. */
    default Optional<CoefficientTable> coefficients() {
        return Optional.empty();
    }

    /** Returns sentences for people on what was special about this fit: columns left out, rows drawn, classes that separate. */
    default List<String> notes() {
        return List.of();
    }

    @Override
    default void close() {}
}
