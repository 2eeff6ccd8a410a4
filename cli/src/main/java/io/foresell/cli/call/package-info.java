/**
 * Calls to the three services. Addresses and a token come in once; stubs whose calls carry a deadline go out. Channels are
 * owned and closed by {@link io.foresell.cli.call.Services}.
 */
@NullMarked
package io.foresell.cli.call;

import org.jspecify.annotations.NullMarked;
