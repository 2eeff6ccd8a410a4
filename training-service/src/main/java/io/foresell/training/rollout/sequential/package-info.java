/**
 * Tests that hold however often one looks. Counts and sums enter, in the order in which they were seen; bounds and evidence against a
 * hypothesis leave. Everything is exact for bounded outcomes, without a normal approximation. Owns nothing.
 */
@NullMarked
package io.foresell.training.rollout.sequential;

import org.jspecify.annotations.NullMarked;
