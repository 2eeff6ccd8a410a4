/** What an operator can set. Read once at start; depends on nothing of the gateway. */
@NullMarked
package io.foresell.gateway.config;

import org.jspecify.annotations.NullMarked;
