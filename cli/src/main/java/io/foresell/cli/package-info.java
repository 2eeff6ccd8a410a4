/** The {@code foresell} command. Arguments come in, one exit code goes out; all work is in the sub-packages. */
@NullMarked
package io.foresell.cli;

import org.jspecify.annotations.NullMarked;
