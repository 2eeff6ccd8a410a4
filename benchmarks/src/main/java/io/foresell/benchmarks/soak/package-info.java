/**
 * Does the service hold on to anything? A constant load of every kind of call goes on for minutes while the processes are looked at every second.
 * Samples enter; trends with their confidence, a table and a drawing leave.
 */
@NullMarked
package io.foresell.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
