package io.foresell.training.rollout.observe;

import java.util.List;

/** Rows that were scored before. */
public interface RecordedRows {
    /**
     * Returns rows that a version answered and that were recorded with their features, newest first; none when nothing was recorded.
     *
     * @param limit the most to return
     * @throws io.foresell.kit.ServiceException when they cannot be read
     */
    List<RecordedRow> newest(String model, int version, int limit);
}
