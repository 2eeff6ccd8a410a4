/**
 * What every gRPC process repeats. Settings come in once at start; a {@link io.foresell.kit.GrpcServer} and its
 * {@link io.foresell.kit.Telemetry} go out, owned and closed by the process that made them. Knows no domain.
 */
@NullMarked
package io.foresell.kit;

import org.jspecify.annotations.NullMarked;
