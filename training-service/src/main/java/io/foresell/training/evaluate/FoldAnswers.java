package io.foresell.training.evaluate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What was answered to the judged rows of one fold.
 *
 * @param labels 1 or 0, the index of the class, or the value
 * @param answers row-major, shape [rowCount, width]
 * @param rows identifies rows; a row judged in several repeats has one number
 * @param entities identifies what rows are about, 0 and up
 * @param lists the order within groups of rows; null where none are declared
 */
@SuppressWarnings("ArrayRecordComponent")
record FoldAnswers(double[] labels, double[] answers, int[] rows, int[] entities, @Nullable ListMetrics lists) {
    /** Declares no groups. */
    FoldAnswers(double[] labels, double[] answers, int[] rows, int[] entities) {
        this(labels, answers, rows, entities, null);
    }

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
