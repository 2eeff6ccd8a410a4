/**
 * Arithmetic of tree ensembles: a checked description enters; sums per target and exact Shapley values leave. Knows
 * nothing of ONNX. Everything is immutable and thread-safe; working memory belongs to the calling thread.
 */
@NullMarked
package io.foresell.model.tree;

import org.jspecify.annotations.NullMarked;
