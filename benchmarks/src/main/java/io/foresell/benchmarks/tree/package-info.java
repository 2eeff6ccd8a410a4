/**
 * Why trees lie in memory as they do in {@code io.foresell.model.tree}: the layouts that lost, and the benchmark that
 * decided. Every layout has to find the same leaves before it is timed.
 */
@NullMarked
package io.foresell.benchmarks.tree;

import org.jspecify.annotations.NullMarked;
