/** Labels and scores of held-out rows enter, metrics, tables and warnings leave. Plain records, no libraries. */
@NullMarked
package io.foresell.training.evaluate;

import org.jspecify.annotations.NullMarked;
