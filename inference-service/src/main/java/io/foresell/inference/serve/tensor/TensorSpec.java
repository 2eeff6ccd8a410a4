package io.foresell.inference.serve.tensor;

import java.util.List;

/**
 * What a model says about one of its tensors.
 *
 * @param shape its dimensions, the first one the rows; -1 stands for any size
 * @param isUsual whether it is answered when a request names no outputs
 */
record TensorSpec(String name, Datatype datatype, List<Long> shape, boolean isUsual) {
    /** The first dimension: any number of rows. */
    static final long ANY = -1;

    TensorSpec {
        shape = List.copyOf(shape);
    }

    static TensorSpec of(String name, Datatype datatype, long... shape) {
        return new TensorSpec(
                name, datatype, java.util.Arrays.stream(shape).boxed().toList(), true);
    }

    /** Returns the same, answered only on request. */
    TensorSpec onRequest() {
        return new TensorSpec(name, datatype, shape, false);
    }
}
