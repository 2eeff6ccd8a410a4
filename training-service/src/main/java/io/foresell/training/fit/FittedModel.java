package io.foresell.training.fit;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.Map;

/** A model as the training library holds it. Not thread-safe; close it to free native memory. */
public interface FittedModel extends AutoCloseable {
    /** Returns the inputs it reads: the features that had a value in the training fold. */
    Signature signature();

    /** Returns the ONNX file from raw inputs to P(positive). */
    byte[] onnx();

    /** Returns P(positive) of every row as the training library itself computes it. */
    double[] predict(Rows rows);

    /** Returns the greatest difference in P(positive) allowed between the library and our scorer. */
    double parityTolerance();

    /** Returns the training library's own files by plain name, the same bytes for the same model. */
    Map<String, byte[]> source();

    /** Returns the versions of the libraries that fitted it. */
    Map<String, String> libraryVersions();

    @Override
    void close();
}
