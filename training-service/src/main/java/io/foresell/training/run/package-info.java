/**
 * A training spec enters, judged candidates and the bytes of their packages leave. Owns the order of the stages, their
 * progress and cancellation; keeps nothing between runs.
 */
@NullMarked
package io.foresell.training.run;

import org.jspecify.annotations.NullMarked;
