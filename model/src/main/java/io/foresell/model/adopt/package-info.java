/** ONNX files of other libraries enter, graphs whose inputs are the columns of a signature leave. Nothing is computed here. */
@NullMarked
package io.foresell.model.adopt;

import org.jspecify.annotations.NullMarked;
