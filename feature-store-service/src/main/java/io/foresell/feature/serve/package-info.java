/**
 * The edge: the gRPC service and the one mapper of its messages. Generated types stay in here.
 */
@NullMarked
package io.foresell.feature.serve;

import org.jspecify.annotations.NullMarked;
