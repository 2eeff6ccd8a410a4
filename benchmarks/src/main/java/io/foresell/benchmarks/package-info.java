/**
 * Measures a running cluster from outside: subjects are called in turn by one load generator, interleaved over rounds, and
 * compared with an echo on the same server settings. Nothing here is part of a product process.
 */
@NullMarked
package io.foresell.benchmarks;

import org.jspecify.annotations.NullMarked;
