/**
 * Load and what it showed. Subjects to call enter, rates and latencies leave. Knows nothing of what is called: a subject says how one
 * call is made and what came back.
 */
@NullMarked
package io.foresell.benchmarks.load;

import org.jspecify.annotations.NullMarked;
