/**
 * Forgetting an entity, such as a person, whole: its key enters, a receipt leaves that says what went from where and names nobody. Owns the
 * {@code erasure_receipts} collection.
 */
@NullMarked
package io.foresell.feature.erase;

import org.jspecify.annotations.NullMarked;
