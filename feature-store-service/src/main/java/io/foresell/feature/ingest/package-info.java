/**
 * From text to truth: source rows enter, checked and cleaned rows go to history, refused ones to quarantine. Owns the
 * {@code quarantine} collection.
 */
@NullMarked
package io.foresell.feature.ingest;

import org.jspecify.annotations.NullMarked;
