package io.foresell.feature.erase;

/**
 * What went from one place.
 *
 * @param place "online", "history", "labels", "quarantine", "predictions" or "outcomes"
 * @param view empty where it is none
 * @param count rows, predictions or outcomes
 */
public record ErasedPart(String place, String view, long count) {}
