/**
 * A plan and the raw rows of a training fold enter; rows to fit on and the encoding of their columns leave. Everything here is fitted
 * on that fold and written into the graph: a served row goes through exactly what was fitted. Knows no family of algorithms.
 */
@NullMarked
package io.foresell.training.prepare;

import org.jspecify.annotations.NullMarked;
