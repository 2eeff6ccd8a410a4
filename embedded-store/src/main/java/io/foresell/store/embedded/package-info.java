/**
 * A MongoDB server inside this process. In: commands of the MongoDB wire protocol on a loopback port. Out: answers that are
 * sent only after the file holds what they acknowledge. The {@link io.foresell.store.embedded.EmbeddedStore} owns the
 * port and the file; nothing here knows what is stored.
 */
@NullMarked
package io.foresell.store.embedded;

import org.jspecify.annotations.NullMarked;
