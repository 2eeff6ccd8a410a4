package io.foresell.training.fit.tree;

import io.foresell.model.Rows;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.RowChunks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Encoded rows as small whole numbers, column by column. A number becomes how many cuts it is not below; neighbouring columns
 * of 0 and 1 of which a row has at most one 1 (a one-hot text) share one list of codes: 16 bits a row for any number of
 * categories. Immutable.
 */
final class BinnedColumns {
    private static final int CHUNK_ROWS = 1024;
    private static final int MAX_CODES = Character.MAX_VALUE;

    /**
     * Columns that share a list of codes.
     *
     * @param firstColumn the encoded column of code 1, or the number itself
     * @param codes per row: of a number, how many cuts it is not below, one more than there are cuts when missing; of
     *     indicators, 1 + the index of the one that is 1, or 0
     * @param cuts ascending; empty for indicators
     * @param codeCount different codes, missing included
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Group(int firstColumn, boolean isNumber, char[] codes, float[] cuts, int codeCount) {
        int missingCode() {
            return cuts.length + 1;
        }

        /** Returns whether a row goes to the yes child: of a number, up to the limit; of an indicator, all codes but the limit. */
        boolean isYes(int row, int limit, boolean isMissingYes) {
            int code = codes[row];
            if (!isNumber) {
                return code != limit;
            }
            return code == missingCode() ? isMissingYes : code <= limit;
        }
    }

    final int rowCount;
    /** Number of encoded columns. */
    final int width;

    final List<Group> groups;
    /** The index of a column's group. */
    final int[] groupOf;

    /** Cuts a number with more than {@code maxBins} different values into about as many bins of equally many rows. */
    BinnedColumns(Preprocessing preprocessing, Rows rows, int maxBins) {
        this.rowCount = rows.rowCount();
        this.width = preprocessing.encodedWidth();
        this.groupOf = new int[width];
        ColumnKinds kinds = new ColumnKinds(width);
        forEachChunk(preprocessing, rows, (encoded, from, until) -> kinds.add(encoded, until - from));
        int[] starts = kinds.groupStarts(MAX_CODES);
        float[][] numbers = new float[starts.length][];
        char[][] codes = new char[starts.length][];
        for (int group = 0; group < starts.length; group++) {
            if (kinds.isIndicator(starts[group])) {
                codes[group] = new char[rowCount];
            } else {
                numbers[group] = new float[rowCount];
            }
            Arrays.fill(groupOf, starts[group], end(starts, group), group);
        }
        forEachChunk(preprocessing, rows, (encoded, from, until) -> {
            for (int row = from; row < until; row++) {
                int at = (row - from) * width;
                for (int group = 0; group < starts.length; group++) {
                    if (codes[group] == null) {
                        numbers[group][row] = encoded[at + starts[group]];
                    } else {
                        codes[group][row] = (char) codeOf(encoded, at, starts[group], end(starts, group));
                    }
                }
            }
        });
        List<Group> built = new ArrayList<>();
        for (int group = 0; group < starts.length; group++) {
            built.add(
                    codes[group] == null
                            ? number(starts[group], numbers[group], maxBins)
                            : new Group(
                                    starts[group],
                                    false,
                                    codes[group],
                                    new float[0],
                                    1 + end(starts, group) - starts[group]));
        }
        this.groups = List.copyOf(built);
    }

    private int end(int[] starts, int group) {
        return group + 1 < starts.length ? starts[group + 1] : width;
    }

    private static int codeOf(float[] encoded, int at, int from, int until) {
        for (int column = from; column < until; column++) {
            if (encoded[at + column] != 0) {
                return 1 + column - from;
            }
        }
        return 0;
    }

    private static Group number(int column, float[] values, int maxBins) {
        float[] cuts = Cuts.of(values, maxBins);
        char[] codes = new char[values.length];
        for (int row = 0; row < codes.length; row++) {
            codes[row] = (char) (Float.isNaN(values[row]) ? cuts.length + 1 : Cuts.below(cuts, values[row]));
        }
        return new Group(column, true, codes, cuts, cuts.length + 2);
    }

    private interface ChunkReader {
        void read(float[] encoded, int from, int until);
    }

    private static void forEachChunk(Preprocessing preprocessing, Rows rows, ChunkReader reader) {
        for (int from = 0; from < rows.rowCount(); from += CHUNK_ROWS) {
            int until = Math.min(rows.rowCount(), from + CHUNK_ROWS);
            reader.read(preprocessing.encode(RowChunks.slice(rows, from, until)), from, until);
        }
    }
}
