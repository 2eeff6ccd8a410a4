/** Proposes what to try on rows when nobody says: the sensible families, what each reads, and which of their parameters to search. */
@NullMarked
package io.foresell.training.choose;

import org.jspecify.annotations.NullMarked;
