package io.foresell.inference.serve.tensor;

import io.foresell.inference.measure.VersionCounts;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.shadow.AnsweredRows;
import io.foresell.model.Rows;
import java.util.Arrays;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** What a version said of the rows of one request, for those who count. Owned by the request. */
final class Decisions {
    private final ServedVersion served;
    private final ReleaseTerms.@Nullable Bands bands;
    private final double[] scores;
    private final String[] outcomes;

    /** Takes {@code rowCount} rows; 0 when nobody counts. */
    Decisions(ServedVersion served, ReleaseTerms.@Nullable Bands bands, int rowCount) {
        this.served = served;
        this.bands = bands;
        this.scores = new double[rowCount];
        this.outcomes = new String[rowCount];
    }

    /** Returns where answers count as medium or high; null when the package's own hold. */
    ReleaseTerms.@Nullable Bands bands() {
        return bands;
    }

    void put(int row, float[] values, int from, int winner) {
        if (row < scores.length) {
            scores[row] = values[from + winner];
            outcomes[row] = served.outcome(values, from, winner, bands);
        }
    }

    void count(VersionCounts counts, boolean isHeldOut) {
        for (int row = 0; row < scores.length; row++) {
            counts.row(scores[row], outcomes[row], isHeldOut);
        }
    }

    /** Returns the rows as they are copied to shadows, all of one subject. */
    AnsweredRows answered(ModelSlot slot, Rows rows, long key, RowIds ids) {
        long[] keys = new long[scores.length];
        Arrays.fill(keys, key);
        return new AnsweredRows(
                slot,
                served,
                rows,
                keys,
                scores,
                outcomes,
                null,
                Collections.nCopies(scores.length, ids.subject()),
                ids::text);
    }
}
