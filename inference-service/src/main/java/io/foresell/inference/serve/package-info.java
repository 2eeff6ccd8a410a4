/**
 * The gRPC edge: requests enter, checked and routed against one snapshot of the slots, answers leave. Handlers run on the
 * network thread and never block; large batches run on a small bounded pool that {@link io.foresell.inference.serve.HeavyLane} owns.
 */
@NullMarked
package io.foresell.inference.serve;

import org.jspecify.annotations.NullMarked;
