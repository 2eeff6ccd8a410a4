package io.foresell.training.registry;

import io.foresell.model.Rows;
import io.foresell.model.pack.GoldenRow;
import io.foresell.model.scorer.Scorer;
import java.util.Arrays;
import java.util.List;

/** Measures how long a scorer takes for one row: the least of several 99th percentiles, since other work only ever adds. */
final class ScorerLatency {
    private static final int ROUNDS = 5;
    private static final int MAX_CALLS = 2_000;
    private static final long ROUND_NANOS = 40_000_000;

    private ScorerLatency() {}

    /** Returns the 99th percentile in microseconds over golden rows. */
    static double p99Micros(Scorer scorer, List<GoldenRow> goldenRows) {
        Rows[] rows = goldenRows.stream().map(ScorerLatency::row).toArray(Rows[]::new);
        float[] answers = new float[scorer.answer().width()];
        double least = round(scorer, rows, answers); // warms up
        for (int i = 1; i < ROUNDS; i++) {
            least = Math.min(least, round(scorer, rows, answers));
        }
        return least;
    }

    private static Rows row(GoldenRow golden) {
        float[] numbers = new float[golden.numbers().size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = golden.numbers().get(i);
        }
        return new Rows(1, numbers, golden.texts().toArray(new String[0]));
    }

    private static double round(Scorer scorer, Rows[] rows, float[] answers) {
        long[] nanos = new long[MAX_CALLS];
        long start = System.nanoTime();
        int calls = 0;
        while (calls < MAX_CALLS && (calls < 10 || System.nanoTime() - start < ROUND_NANOS)) {
            long before = System.nanoTime();
            scorer.score(rows[calls % rows.length], answers);
            nanos[calls++] = System.nanoTime() - before;
        }
        Arrays.sort(nanos, 0, calls);
        return nanos[Math.min(calls - 1, (int) Math.ceil(calls * 0.99))] / 1e3;
    }
}
