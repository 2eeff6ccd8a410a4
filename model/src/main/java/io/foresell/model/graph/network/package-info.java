/**
 * A fitted network enters as a description of checked layers, whoever trained it; standard ONNX bytes from raw inputs to
 * the answer leave.
 */
@NullMarked
package io.foresell.model.graph.network;

import org.jspecify.annotations.NullMarked;
