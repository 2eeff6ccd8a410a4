package io.foresell.training.prepare;

import io.foresell.model.Task;
import io.foresell.training.dataset.TrainingFold;

/** The labels of a fold as numbers that can be averaged. */
final class Labels {
    private Labels() {}

    /** Returns one row of labels; with several classes a row per class, 1 where a label is the class. */
    static double[][] indicators(TrainingFold fold) {
        float[] labels = fold.labels();
        int width = fold.task() == Task.MULTICLASS ? fold.classes().size() : 1;
        double[][] indicators = new double[width][labels.length];
        for (int row = 0; row < labels.length; row++) {
            if (width == 1) {
                indicators[0][row] = labels[row];
            } else {
                indicators[(int) labels[row]][row] = 1;
            }
        }
        return indicators;
    }
}
