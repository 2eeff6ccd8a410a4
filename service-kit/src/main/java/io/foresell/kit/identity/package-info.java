/**
 * Who calls and what they may do. A bearer credential or a client's certificate enters, an {@link io.foresell.kit.identity.Identity}
 * with its grants leaves. Knows neither methods nor services; owns nothing but a bounded memory of verified tokens.
 */
@NullMarked
package io.foresell.kit.identity;

import org.jspecify.annotations.NullMarked;
