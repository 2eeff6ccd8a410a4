package io.foresell.feature.trainingset;

import org.jspecify.annotations.Nullable;

/**
 * One label.
 *
 * @param sequence the order of ingest
 * @param number the label as a number, NaN when it is a text without a positive class
 * @param text the label as a text, null when it is a number
 */
record Label(
        String entityKey, long eventMillis, long knownMillis, long sequence, double number, @Nullable String text) {}
