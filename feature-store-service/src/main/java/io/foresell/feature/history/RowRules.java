package io.foresell.feature.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a view asks of a new row in the light of the rows its entity has. May be asked again for the same row after a lost
 * race.
 */
public interface RowRules<R extends PendingRow> {
    /** Returns whether a row that came with the id of a stored one also says the same. */
    boolean isSame(HistoryRow stored, R candidate);

    /** Completes the values of a row with a new id, and returns why it is refused, or null when it is not. */
    @Nullable
    RowRefusal complete(R candidate, List<HistoryRow> earlier);
}
