/** Contributions of a row enter, sentences for people leave. */
@NullMarked
package io.foresell.model.reason;

import org.jspecify.annotations.NullMarked;
