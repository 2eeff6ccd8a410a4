package io.foresell.training.fit.tree;

import java.util.Arrays;

/** Finds out which encoded columns are indicators (0 or 1), and which neighbours among them exclude each other. */
final class ColumnKinds {
    private final boolean[] isIndicator;
    /** Per column, the last column before it that was not 0 in the same row; -1 when there was none. */
    private final int[] lastBefore;

    ColumnKinds(int width) {
        isIndicator = new boolean[width];
        Arrays.fill(isIndicator, true);
        lastBefore = new int[width];
        Arrays.fill(lastBefore, -1);
    }

    /** Looks at encoded rows. */
    void add(float[] encoded, int rowCount) {
        int width = isIndicator.length;
        for (int row = 0; row < rowCount; row++) {
            int last = -1;
            for (int column = 0; column < width; column++) {
                float value = encoded[row * width + column];
                if (value == 0) {
                    continue;
                }
                isIndicator[column] &= value == 1;
                lastBefore[column] = Math.max(lastBefore[column], last);
                last = column;
            }
        }
    }

    boolean isIndicator(int column) {
        return isIndicator[column];
    }

    /** Returns the first column of each group, ascending: a number alone, or indicators of which a row has one at most. */
    int[] groupStarts(int maxCodes) {
        int[] starts = new int[isIndicator.length];
        int count = 0;
        for (int column = 0; column < isIndicator.length; column++) {
            boolean isAlone = count == 0 || !isIndicator[column] || !isIndicator[column - 1];
            if (isAlone || lastBefore[column] >= starts[count - 1] || column - starts[count - 1] >= maxCodes - 1) {
                starts[count++] = column;
            }
        }
        return Arrays.copyOf(starts, count);
    }
}
