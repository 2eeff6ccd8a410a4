package io.foresell.training.run;

import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.evaluate.Judgement;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Scores the held-out rows of one fold with the compiled scorer. */
final class FoldJudge {
    /** Rows explained for the importance of inputs, over all folds. */
    private static final int EXPLAINED_ROWS = 500;

    private final FittedParts parts;
    private final Fold fold;
    private final int foldCount;

    FoldJudge(FittedParts parts, Fold fold, int foldCount) {
        this.parts = parts;
        this.fold = fold;
        this.foldCount = foldCount;
    }

    void judgeInto(Judgement judgement, BooleanSupplier isCancelled) {
        HeldOutRows heldOut = fold.heldOut();
        float[] probabilities = new float[heldOut.rowCount()];
        parts.scorer().score(heldOut.rows(parts.signature()), probabilities);
        judgement.addFold(heldOut.labels(), probabilities, fold.training().positiveRate());
        explainInto(judgement, heldOut.sample(Math.max(1, EXPLAINED_ROWS / foldCount)), isCancelled);
    }

    private void explainInto(Judgement judgement, HeldOutRows sample, BooleanSupplier isCancelled) {
        List<String> inputs =
                parts.signature().inputs().stream().map(InputField::name).toList();
        Rows rows = sample.rows(parts.signature());
        double[] contributions = new double[inputs.size()];
        for (int row = 0; row < sample.rowCount(); row++) {
            if (isCancelled.getAsBoolean()) {
                throw new CancellationException("cancelled while explaining");
            }
            parts.scorer().contributions(rows, row, 0, contributions);
            judgement.addContributions(inputs, contributions);
        }
    }
}
