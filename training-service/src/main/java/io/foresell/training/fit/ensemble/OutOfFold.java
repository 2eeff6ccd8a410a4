package io.foresell.training.fit.ensemble;

import java.util.Map;

/** What members answered to the rows of a fold when they had not been fitted on them. One owner, not thread-safe. */
final class OutOfFold {
    private final double[][] answers;
    private final int width;

    /** Takes answers of {@code width} floats to each row. */
    OutOfFold(int members, int rowCount, int width) {
        this.answers = new double[members][rowCount * width];
        this.width = width;
    }

    /**
     * Keeps the answers of a member to some rows.
     *
     * @param rows places in the training set
     * @param placeOfRow places in the fold by those
     */
    void put(int member, int[] rows, Map<Integer, Integer> placeOfRow, double[] given) {
        for (int i = 0; i < rows.length; i++) {
            int place = placeOfRow.getOrDefault(rows[i], -1);
            System.arraycopy(given, i * width, answers[member], place * width, width);
        }
    }

    /** Returns one float of a member's answer. */
    double at(int member, int row, int output) {
        return answers[member][row * width + output];
    }

    int memberCount() {
        return answers.length;
    }

    int rowCount() {
        return answers[0].length / width;
    }

    int width() {
        return width;
    }
}
