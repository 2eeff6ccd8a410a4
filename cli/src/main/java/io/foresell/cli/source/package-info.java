/**
 * Files of rows as people have them. A CSV file comes in, checked rows or a drafted feature view go out. Refuses what
 * cannot be read exactly (encoding, header) before anything is sent; judges no values.
 */
@NullMarked
package io.foresell.cli.source;

import org.jspecify.annotations.NullMarked;
