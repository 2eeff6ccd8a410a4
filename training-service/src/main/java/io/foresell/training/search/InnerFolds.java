package io.foresell.training.search;

import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.TrainingFold;
import java.util.List;

/** Folds of a training fold. */
record InnerFolds(List<Fold> folds) {
    InnerFolds {
        folds = List.copyOf(folds);
    }

    /**
     * Divides a share of the rows, the same for the same seed.
     *
     * @param share of the rows, in (0, 1]
     */
    static InnerFolds of(TrainingFold fold, int count, long seed, double share) {
        TrainingFold rows = share >= 1 ? fold : fold.holdBack(share, seed).heldBack();
        return new InnerFolds(rows.folds(count, seed));
    }
}
