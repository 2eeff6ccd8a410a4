package io.foresell.inference.load;

import io.foresell.inference.route.RowCost;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.pack.GoldenRow;
import io.foresell.model.pack.ModelPackage;
import io.foresell.model.scorer.Scorer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Scores golden rows until the just-in-time compiler has seen the path, so that the first caller does not pay for
 * it; the fastest round says what a row costs. Once several models of a kind went that way their code is compiled, and the next one's round only
 * its tables: a thousand models would keep a start waiting for minutes else. Used by the load lane's thread.
 */
final class WarmUp {
    /** Models of a kind that are taken for the first: one may not reach every branch. */
    static final int COLD_MODELS = 10;

    private static final Effort COLD = new Effort(TimeUnit.MILLISECONDS.toNanos(100), 5000);
    private static final Effort WARM = new Effort(TimeUnit.MILLISECONDS.toNanos(2), 500); // callers want the core, too
    private static final int MAX_KINDS = 1000;

    private final Map<String, Integer> modelCounts = new HashMap<>(); // by kind

    private record Effort(long nanos, int rounds) {}

    /** Warms up a version that was not loaded before in this process. */
    RowCost first(ModelPackage modelPackage, Scorer scorer) {
        if (modelCounts.size() >= MAX_KINDS) {
            modelCounts.clear(); // names of algorithms are what packages say
        }
        String kind = String.join(
                "/",
                scorer.engine(),
                modelPackage.manifest().getTask(),
                modelPackage.manifest().getAlgorithm());
        int modelCount = modelCounts.merge(kind, 1, Integer::sum);
        return run(modelPackage, scorer, modelCount <= COLD_MODELS ? COLD : WARM);
    }

    /** Scores a few rows of a version that was loaded before: tables come into the processor's caches. */
    static RowCost again(ModelPackage modelPackage, Scorer scorer, RowCost known) {
        RowCost measured = run(modelPackage, scorer, WARM);
        return new RowCost(
                Math.min(known.scoreNanos(), measured.scoreNanos()),
                Math.min(known.explainNanos(), measured.explainNanos()));
    }

    private static RowCost run(ModelPackage modelPackage, Scorer scorer, Effort effort) {
        Rows rows = firstRow(modelPackage.signature(), modelPackage.goldenRows());
        float[] answers = new float[modelPackage.answer().width()];
        double[] contributions = new double[modelPackage.signature().inputs().size()];
        long startNanos = System.nanoTime();
        long scoreNanos = Long.MAX_VALUE;
        long explainNanos = Long.MAX_VALUE;
        long now = startNanos;
        for (int round = 0; round < effort.rounds() && now - startNanos < effort.nanos(); round++) {
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
