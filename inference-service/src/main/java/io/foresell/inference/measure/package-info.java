/**
 * What is counted under each release of a model: calls, errors, latency and scores by version, and how shadows would have decided. Numbers
 * enter from the edge and from the shadow lane; {@link io.foresell.inference.measure.ReleaseWindows} keeps them by revision, in memory.
 */
@NullMarked
package io.foresell.inference.measure;

import org.jspecify.annotations.NullMarked;
