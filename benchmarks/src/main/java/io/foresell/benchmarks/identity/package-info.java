/** What it costs a call to prove who makes it. */
@NullMarked
package io.foresell.benchmarks.identity;

import org.jspecify.annotations.NullMarked;
