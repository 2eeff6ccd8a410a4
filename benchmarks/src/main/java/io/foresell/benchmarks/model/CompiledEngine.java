package io.foresell.benchmarks.model;

import io.foresell.model.Rows;
import io.foresell.model.scorer.Scorer;

/** Our scorer, called as the inference service calls it: one {@link Rows} per request. */
final class CompiledEngine implements Engine {
    private final Scorer scorer;
    private final Rows[] batches;
    private final float[] answers;

    CompiledEngine(TestedModel model, int batchRows) {
        this.scorer = model.compile();
        this.batches = new Rows[model.rows().rowCount() / batchRows];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = RandomRows.slice(model.rows(), model.signature(), i * batchRows, batchRows);
        }
        this.answers = new float[batchRows];
    }

    @Override
    public float[] score(int batch) {
        scorer.score(batches[batch], answers);
        return answers;
    }
}
