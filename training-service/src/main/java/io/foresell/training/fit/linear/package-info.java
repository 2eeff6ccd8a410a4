/** Models that are weighted sums of encoded columns. */
@NullMarked
package io.foresell.training.fit.linear;

import org.jspecify.annotations.NullMarked;
