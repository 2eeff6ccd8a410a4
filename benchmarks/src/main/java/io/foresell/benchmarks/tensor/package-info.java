/**
 * The Open Inference Protocol as a load generator speaks it. One row's tensors enter, subjects for any server of the protocol leave, so
 * that all are asked the same in each of the protocol's four forms.
 */
@NullMarked
package io.foresell.benchmarks.tensor;

import org.jspecify.annotations.NullMarked;
