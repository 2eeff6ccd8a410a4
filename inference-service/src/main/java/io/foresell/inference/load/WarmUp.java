package io.foresell.inference.load;

import io.foresell.inference.route.RowCost;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.pack.GoldenRow;
import io.foresell.model.pack.ModelPackage;
import io.foresell.model.scorer.Scorer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Scores golden rows until the just-in-time compiler has seen the path, so that the first caller does not pay for
 * it; the fastest round says what a row costs.
 */
final class WarmUp {
    private static final long BUDGET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int MAX_ROUNDS = 5000;

    private WarmUp() {}

    static RowCost run(ModelPackage modelPackage, Scorer scorer) {
        return run(modelPackage, scorer, BUDGET_NANOS);
    }

    /** Scores a few rows of a version whose code is warm: tables come into the processor's caches. */
    static RowCost again(ModelPackage modelPackage, Scorer scorer, RowCost known) {
        RowCost measured = run(modelPackage, scorer, AGAIN_NANOS);
        return new RowCost(
                Math.min(known.scoreNanos(), measured.scoreNanos()),
                Math.min(known.explainNanos(), measured.explainNanos()));
    }

    private static RowCost run(ModelPackage modelPackage, Scorer scorer, long budgetNanos) {
        Rows rows = firstRow(modelPackage.signature(), modelPackage.goldenRows());
        float[] answers = new float[modelPackage.answer().width()];
        double[] contributions = new double[modelPackage.signature().inputs().size()];
        long startNanos = System.nanoTime();
        long scoreNanos = Long.MAX_VALUE;
        long explainNanos = Long.MAX_VALUE;
        long now = startNanos;
        for (int round = 0; round < MAX_ROUNDS && now - startNanos < budgetNanos; round++) {
            scorer.score(rows, answers);
            long scored = System.nanoTime();
            scorer.contributions(rows, 0, 0, contributions);
            long explained = System.nanoTime();
            scoreNanos = Math.min(scoreNanos, scored - now);
            explainNanos = Math.min(explainNanos, explained - scored);
            now = explained;
        }
        return new RowCost(scoreNanos, explainNanos);
    }

    private static Rows firstRow(Signature signature, List<GoldenRow> goldenRows) {
        GoldenRow golden = goldenRows.get(0); // a package has at least one
        float[] numbers = new float[signature.numberWidth()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = golden.numbers().get(i);
        }
        return new Rows(1, numbers, golden.texts().toArray(new String[0]));
    }
}
