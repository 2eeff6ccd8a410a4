package io.foresell.benchmarks.serving;

import io.foresell.benchmarks.load.Subject;
import org.jspecify.annotations.Nullable;

/**
 * A subject and what it is compared with.
 *
 * @param baseline null for one that is compared with nothing, such as a baseline
 */
record Contender(Subject subject, @Nullable Subject baseline) {}
