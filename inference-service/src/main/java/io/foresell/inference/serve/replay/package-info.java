/**
 * Recorded predictions scored again. An id enters; the record, the answer now and what differs leave. Works on a thread of its own,
 * beside what serves.
 */
@NullMarked
package io.foresell.inference.serve.replay;

import org.jspecify.annotations.NullMarked;
