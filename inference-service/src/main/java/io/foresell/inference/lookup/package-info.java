/**
 * Features of entities. Keys enter, rows in the order of a model's signature leave, with the age of their values. The feature
 * store is asked without blocking, in one call for callers who come while it is busy; the rows it gave last answer while it is away.
 * The cache owns those rows.
 */
@NullMarked
package io.foresell.inference.lookup;

import org.jspecify.annotations.NullMarked;
