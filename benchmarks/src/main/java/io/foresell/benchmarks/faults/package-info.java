/**
 * What callers of two replicas feel while something goes wrong, or right: releases, bad packages, a registry that is gone, a full disk, a
 * restart. A scenario enters; failed calls, latency against steady stretches of the same run, and what a history of the answers says leave.
 */
@NullMarked
package io.foresell.benchmarks.faults;

import org.jspecify.annotations.NullMarked;
