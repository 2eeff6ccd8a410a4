/**
 * The training service as a process: settings enter, a running server leaves. {@link io.foresell.training.TrainingServer}
 * wires everything and owns it.
 */
@NullMarked
package io.foresell.training;

import org.jspecify.annotations.NullMarked;
