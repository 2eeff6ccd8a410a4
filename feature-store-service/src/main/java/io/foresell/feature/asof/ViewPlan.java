package io.foresell.feature.asof;

import io.foresell.feature.define.FeatureViewDefinition;
import io.foresell.feature.define.ViewKind;
import io.foresell.feature.history.EntityHistory;
import io.foresell.feature.history.SlotSelection;

/**
 * What a feature set reads of one view.
 *
 * @param spanMillis how far back its features look; 0 for a snapshot
 */
public record ViewPlan(FeatureViewDefinition view, SlotSelection selection, long spanMillis) {
    public boolean isSnapshot() {
        return view.kind() == ViewKind.SNAPSHOT;
    }

    /** Returns the newest row that had happened and was known at the instant, -1 without any. */
    public static int latestVisible(EntityHistory history, long asOfMillis) {
        for (int row = history.countUntil(asOfMillis) - 1; row >= 0; row--) {
            if (history.knownMillis(row) <= asOfMillis) {
                return row;
            }
        }
        return -1;
    }
}
