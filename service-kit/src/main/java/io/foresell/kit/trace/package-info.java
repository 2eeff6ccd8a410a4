/**
 * Traces over gRPC in the W3C form: a call's trace comes in its headers, travels in the gRPC context, and goes out with the calls made
 * for it. Spans are made only where they are exported: a call without a trace in a process without export costs one look at its headers.
 */
@NullMarked
package io.foresell.kit.trace;

import org.jspecify.annotations.NullMarked;
