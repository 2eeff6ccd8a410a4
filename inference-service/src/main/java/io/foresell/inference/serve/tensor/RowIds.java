package io.foresell.inference.serve.tensor;

import io.foresell.inference.serve.PredictionIds;

/**
 * Who the rows of a request are about, and the names of their answers: consecutive prediction ids. Immutable.
 *
 * @param subject empty when nobody said
 */
record RowIds(String subject, long firstId, int rowCount) {
    private static final int MAX_LISTED = 100; // 27 bytes each; whoever sends more asks for the output

    /** Reserves the ids of a request. */
    static RowIds reserve(String subject, long rowCount) {
        int count = (int) Math.max(1, Math.min(PackageRows.MAX_ROWS, rowCount));
        return new RowIds(subject, PredictionIds.OF_THIS_PROCESS.reserve(count), count);
    }

    /** Returns the id of a row's answer. */
    String text(int row) {
        return PredictionIds.OF_THIS_PROCESS.text(firstId + row);
    }

    /** Returns whether the ids are few enough to be listed in the parameters of an answer. */
    boolean areListed() {
        return rowCount <= MAX_LISTED;
    }

    /** Returns all ids in the order of the rows, separated by commas. */
    String listed() {
        StringBuilder all = new StringBuilder(27 * rowCount).append(text(0));
        for (int row = 1; row < rowCount; row++) {
            all.append(',').append(text(row));
        }
        return all.toString();
    }
}
