/**
 * What callers are answered while releases change, held against what was ordered: versions with the scores they must give enter, and every
 * answer; what was wrong with answers leaves.
 */
@NullMarked
package io.foresell.benchmarks.release;

import org.jspecify.annotations.NullMarked;
