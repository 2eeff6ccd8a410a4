/**
 * What the store keeps, as data: definitions enter from the wire or the database, a {@link io.foresell.feature.define.Catalog}
 * of checked, versioned definitions leaves. The {@link io.foresell.feature.define.DefinitionStore} owns the stored versions.
 */
@NullMarked
package io.foresell.feature.define;

import org.jspecify.annotations.NullMarked;
