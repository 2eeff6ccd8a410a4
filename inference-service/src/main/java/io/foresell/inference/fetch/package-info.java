/**
 * What the registry says and sends. Releases enter over the watch stream and leave as {@link io.foresell.inference.fetch.Release};
 * packages enter in chunks and rest as {@code <digest>.zip} in the cache folder, which {@link io.foresell.inference.fetch.PackageStore}
 * owns together with the file of the releases served last.
 */
@NullMarked
package io.foresell.inference.fetch;

import org.jspecify.annotations.NullMarked;
