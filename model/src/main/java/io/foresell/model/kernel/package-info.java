/**
 * Arithmetic of networks over float arrays: products, convolutions, recurrent cells, element functions. Knows nothing of
 * ONNX or plans. Weights enter once and are laid out for the machine; rows enter and leave as places of an array that the
 * caller owns. Two variants compute the same: plain Java, and {@code jdk.incubator.vector} where the JVM has the module.
 */
@NullMarked
package io.foresell.model.kernel;

import org.jspecify.annotations.NullMarked;
