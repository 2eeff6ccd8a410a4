/** Every error becomes one {@code application/problem+json} here: exceptions enter, HTTP answers leave. */
@NullMarked
package io.foresell.gateway.problem;

import org.jspecify.annotations.NullMarked;
