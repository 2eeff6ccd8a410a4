/** Models that answer as the training rows nearest to a row do. */
@NullMarked
package io.foresell.training.fit.neighbor;

import org.jspecify.annotations.NullMarked;
