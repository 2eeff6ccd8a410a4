/** The plain baseline as a model: the same answer to every row. */
@NullMarked
package io.foresell.training.fit.baseline;

import org.jspecify.annotations.NullMarked;
