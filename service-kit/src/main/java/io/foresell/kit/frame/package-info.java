/**
 * What comes before gRPC: frames of HTTP/2 enter, those that are calls go on, the others are answered as the caller's fault, and what a
 * {@link Door} turns away is answered unread. Depends on gRPC's transport, whose inner interfaces it uses; nothing else may.
 */
@NullMarked
package io.foresell.kit.frame;

import org.jspecify.annotations.NullMarked;
