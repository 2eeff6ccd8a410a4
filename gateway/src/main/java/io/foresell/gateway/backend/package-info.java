/**
 * The three gRPC services as the gateway sees them: each call carries a deadline and the token of the cluster, each
 * failure leaves as a {@link io.foresell.gateway.backend.BackendException}. Owns no data.
 */
@NullMarked
package io.foresell.gateway.backend;

import org.jspecify.annotations.NullMarked;
