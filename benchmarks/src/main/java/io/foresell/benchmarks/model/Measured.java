package io.foresell.benchmarks.model;

/**
 * One subject in one process.
 *
 * @param nanos by the clock, a row
 * @param cpuNanos processor time of the process, a row
 * @param bytes allocated on the heap, a row
 */
record Measured(double nanos, double cpuNanos, double bytes) {}
