/**
 * The bitemporal truth: rows of one view and entity enter, buckets of packed rows are kept, histories leave. Owns the
 * {@code history_*} collections and the rule that a row is stored once.
 */
@NullMarked
package io.foresell.feature.history;

import org.jspecify.annotations.NullMarked;
