/**
 * Which calls may begin. Calls ask before any work and get a place or a refusal; measured latencies and the lag of the network
 * threads enter, the limit in force follows. Everything is bounded and free of locks; nothing here knows models or rows.
 */
@NullMarked
package io.foresell.inference.admit;

import org.jspecify.annotations.NullMarked;
