/**
 * A caller of gRPC that costs next to nothing: frames that were made before, written and read by the one thread that also keeps the
 * schedule. Where the generator shares a machine with what it measures, or is to send more than the servers can take, nothing heavier will
 * do. It speaks plain text and unary methods only.
 */
@NullMarked
package io.foresell.benchmarks.wire;

import org.jspecify.annotations.NullMarked;
