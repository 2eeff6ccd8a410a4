package io.foresell.training.run;

import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.Judgement;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** What the champion answered to the judged rows, in the form that candidates are compared in. One owner, not thread-safe. */
final class ChampionAnswers {
    private static final double[] NO_BASELINE = {};

    private final Judgement judgement;
    private final int[] entityOfRow;

    /** Draws the resamples that candidates of the spec draw. */
    ChampionAnswers(TrainingSpec spec, TrainingSet set, BooleanSupplier isCancelled) {
        this.judgement = new Judgement(set.task(), spec.judge().listMetrics(), spec.seed(), isCancelled);
        this.entityOfRow = CandidateJudge.entityNumbers(set);
    }

    void add(HeldOutRows heldOut, float[] answers) {
        int[] rows = heldOut.rowIndexes();
        int[] entities = Arrays.stream(rows).map(row -> entityOfRow[row]).toArray();
        judgement.addFold(heldOut.labels(), answers, NO_BASELINE, rows, entities, heldOut.groups());
    }

    Judgement judgement() {
        return judgement;
    }
}
