/** How long training takes beside the library's own training of the same parameters on the same rows. */
@NullMarked
package io.foresell.benchmarks.training;

import org.jspecify.annotations.NullMarked;
