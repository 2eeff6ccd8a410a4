/** DL4J networks over sequences. */
@NullMarked
package io.foresell.training.fit.sequence;

import org.jspecify.annotations.NullMarked;
