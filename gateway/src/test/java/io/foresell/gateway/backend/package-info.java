@NullMarked
package io.foresell.gateway.backend;

import org.jspecify.annotations.NullMarked;
