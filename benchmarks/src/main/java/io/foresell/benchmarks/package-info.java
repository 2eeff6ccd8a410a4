/** The command line of the benchmarks, by what they ask. Nothing here is part of a product process. */
@NullMarked
package io.foresell.benchmarks;

import org.jspecify.annotations.NullMarked;
