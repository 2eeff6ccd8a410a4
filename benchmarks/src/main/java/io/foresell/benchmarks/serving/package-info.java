/**
 * Measures servers from outside: subjects are called in turn by one load generator, interleaved over rounds, and compared with
 * an echo on the same server settings, or with a bare JSON endpoint. Servers enter, tables and JSON leave. Nothing here is part of a
 * product process.
 */
@NullMarked
package io.foresell.benchmarks.serving;

import org.jspecify.annotations.NullMarked;
