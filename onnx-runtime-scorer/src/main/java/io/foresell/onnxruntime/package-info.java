/**
 * A second engine for the graphs of packages: rows enter, the answers of ONNX Runtime leave. Serving falls back to it for graphs
 * that do not compile; the registry asks it as an independent judge. Each scorer owns one native session.
 */
@NullMarked
package io.foresell.onnxruntime;

import org.jspecify.annotations.NullMarked;
