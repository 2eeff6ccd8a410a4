/**
 * The edge for clients of the Open Inference Protocol: tensors enter, are checked and read straight into the rows of a package
 * or a built-in test model, tensors leave. Owns what the protocol counts; routing, loading and threads are those of {@code serve}.
 */
@NullMarked
package io.foresell.inference.serve.tensor;

import org.jspecify.annotations.NullMarked;
