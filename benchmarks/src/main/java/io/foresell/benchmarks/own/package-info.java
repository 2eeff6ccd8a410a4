/**
 * Servers that a benchmark starts for itself, each in a process as the build left it, and what they need beside them, in this process. Folders and
 * settings enter; ports and process ids leave. What is started here ends with its owner.
 */
@NullMarked
package io.foresell.benchmarks.own;

import org.jspecify.annotations.NullMarked;
