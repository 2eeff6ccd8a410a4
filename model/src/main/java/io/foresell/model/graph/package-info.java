/** Fitted parameters enter, standard ONNX bytes from raw inputs to a probability leave. Used by training; the same preprocessing encodes its rows. */
@NullMarked
package io.foresell.model.graph;

import org.jspecify.annotations.NullMarked;
