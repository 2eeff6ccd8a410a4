/** A shorthand for the two usual networks over sequences. */
@NullMarked
package io.foresell.training.fit.sequence;

import org.jspecify.annotations.NullMarked;
