package io.foresell.training.run;

import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.evaluate.ImportanceSummary;
import io.foresell.training.evaluate.Judgement;
import java.util.Arrays;
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
    private final int[] entityOfRow;

    /**
     * Judges one fold.
     *
     * @param entityOfRow what each row of the training set is about, as a number
     */
    FoldJudge(FittedParts parts, Fold fold, int foldCount, int[] entityOfRow) {
        this.parts = parts;
        this.fold = fold;
        this.foldCount = foldCount;
        this.entityOfRow = entityOfRow;
    }

    void judgeInto(
            Judgement judgement, ImportanceSummary importance, ExampleCollector examples, BooleanSupplier isCancelled) {
        HeldOutRows heldOut = fold.heldOut();
        float[] answers = new float[heldOut.rowCount() * parts.answer().width()];
        Rows rows = heldOut.rows(parts.signature());
        parts.scorer().score(rows, answers);
        int[] rowIndexes = heldOut.rowIndexes();
        int[] entities = Arrays.stream(rowIndexes).map(row -> entityOfRow[row]).toArray();
        judgement.addFold(heldOut.labels(), answers, baseline(fold.training()), rowIndexes, entities, heldOut.groups());
        examples.add(parts, rows, heldOut.labels(), answers, isCancelled);
        explainInto(judgement, importance, heldOut.sample(Math.max(1, EXPLAINED_ROWS / foldCount)), isCancelled);
    }

    /** What one would answer to every row without a model. */
    private static double[] baseline(TrainingFold training) {
        return switch (training.task()) {
            case BINARY, REGRESSION -> new double[] {training.meanLabel()};
            case MULTICLASS -> training.classShares();
            case CLUSTERS, RANKING -> new double[0];
        };
    }

    private void explainInto(
            Judgement judgement, ImportanceSummary importance, HeldOutRows sample, BooleanSupplier isCancelled) {
        List<String> inputs =
                parts.signature().inputs().stream().map(InputField::name).toList();
        Rows rows = sample.rows(parts.signature());
        double[] contributions = new double[inputs.size()];
        float[] answers = new float[sample.rowCount() * parts.answer().width()];
        parts.scorer().score(rows, answers);
        for (int row = 0; row < sample.rowCount(); row++) {
            if (isCancelled.getAsBoolean()) {
                throw new CancellationException("cancelled while explaining");
            }
            parts.scorer()
                    .contributions(
                            rows, row, highest(answers, row, parts.answer().width()), contributions);
            judgement.addContributions(inputs, contributions);
            importance.explained(parts.signature(), rows, row, contributions);
        }
    }

    /** Of classes and clusters, the one answered is explained. */
    static int highest(float[] answers, int row, int width) {
        int highest = 0;
        for (int i = 1; i < width; i++) {
            highest = answers[row * width + i] > answers[row * width + highest] ? i : highest;
        }
        return highest;
    }
}
