/**
 * Forgetting whom the feature store erased: what it tells enters every few seconds, and everything that remembers rows or scores of entities is
 * told. Depends on nothing that remembers.
 */
@NullMarked
package io.foresell.inference.forget;

import org.jspecify.annotations.NullMarked;
