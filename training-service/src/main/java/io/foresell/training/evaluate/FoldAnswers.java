package io.foresell.training.evaluate;

import java.util.Arrays;

/**
 * What was answered to the judged rows of one fold.
 *
 * @param labels 1 or 0, the index of the class, or the value
 * @param answers row-major, shape [rowCount, width]
 * @param rows identifies rows; a row judged in several repeats has one number
 * @param entities identifies what rows are about, 0 and up
 */
@SuppressWarnings("ArrayRecordComponent")
record FoldAnswers(double[] labels, double[] answers, int[] rows, int[] entities) {
    int rowCount() {
        return labels.length;
    }

    int width() {
        return labels.length == 0 ? 1 : answers.length / labels.length;
    }

    int likeliest(int row) {
        int width = width();
        int best = 0;
        for (int i = 1; i < width; i++) {
            best = answers[row * width + i] > answers[row * width + best] ? i : best;
        }
        return best;
    }

    /** Returns the numbers from {@code first} on, for rows that nobody else identifies. */
    static int[] consecutive(int first, int count) {
        int[] numbers = new int[count];
        Arrays.setAll(numbers, i -> first + i);
        return numbers;
    }
}
