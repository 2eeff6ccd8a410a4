package io.foresell.training.fit.tree;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * A tree grown on rows drawn with replacement.
 *
 * @param others the rows that were not drawn, ascending
 * @param answers the tree's answers to them, shape [others, answer width]
 */
@SuppressWarnings("ArrayRecordComponent")
record DrawnTree(GrownTree tree, int[] others, float[] answers) {
    /** Draws as many rows as there are and grows a tree on them; a row drawn twice counts twice. */
    static DrawnTree grow(
            BinnedColumns columns,
            Targets targets,
            Growth growth,
            float[] weights,
            SplittableRandom random,
            BooleanSupplier isCancelled) {
        int count = columns.rowCount;
        float[] drawn = new float[count];
        for (int i = 0; i < count; i++) {
            int row = random.nextInt(count);
            drawn[row] += weights[row];
        }
        int[] rows = new int[count];
        int[] others = new int[count];
        int rowCount = 0;
        int otherCount = 0;
        for (int row = 0; row < count; row++) {
            if (drawn[row] > 0) {
                rows[rowCount++] = row;
            } else {
                others[otherCount++] = row;
            }
        }
        GrownTree tree = new TreeGrower(
                        columns, targets, growth, Arrays.copyOf(rows, rowCount), drawn, random, isCancelled)
                .grow();
        int[] left = Arrays.copyOf(others, otherCount);
        return new DrawnTree(tree, left, answers(tree, columns, targets, left));
    }

    private static float[] answers(GrownTree tree, BinnedColumns columns, Targets targets, int[] rows) {
        int width = targets.answerWidth();
        float[] answers = new float[Math.multiplyExact(rows.length, width)];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(tree.answer(tree.leafOf(columns, rows[i])), 0, answers, i * width, width);
        }
        return answers;
    }
}
