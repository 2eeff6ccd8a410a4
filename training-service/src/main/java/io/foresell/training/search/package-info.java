/** Tries configurations of an algorithm inside a training fold and keeps the best; rows that judge are out of reach. */
@NullMarked
package io.foresell.training.search;

import org.jspecify.annotations.NullMarked;
