/**
 * The model engine against DL4J and ONNX Runtime: the same models, the same rows, answers compared before any timing. One
 * class per question; {@link io.foresell.benchmarks.model.ModelsCommand} asks them in turn and prints one table.
 */
@NullMarked
package io.foresell.benchmarks.model;

import org.jspecify.annotations.NullMarked;
