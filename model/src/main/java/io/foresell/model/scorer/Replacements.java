package io.foresell.model.scorer;

import io.foresell.model.Rows;
import io.foresell.model.Signature;

/** What takes the place of an input when a model is explained by leaving inputs out. */
public final class Replacements {
    // Runs that one explanation may cost, and sample rows beyond which the average hardly moves.
    private static final int MAX_RUNS = 1024;
    private static final int MAX_SAMPLES = 32;

    private Replacements() {}

    /**
     * Returns rows whose values replace those of the row to be explained, one input at a time, the effects averaged: a few sample rows
     * of the training data at even distances, or the one ordinary row where there are none or only that is wanted.
     */
    public static Rows of(Signature signature, Background background) {
        if (background.sampleRows().rowCount() == 0 || background.explanation() == ExplanationKind.OCCLUSION) {
            return ordinary(background);
        }
        int count =
                Math.max(1, Math.min(MAX_SAMPLES, MAX_RUNS / signature.inputs().size()));
        return SampleRows.evenly(signature, background.sampleRows().rows(), count)
                .rows();
    }

    private static Rows ordinary(Background background) {
        float[] numbers = new float[background.numbers().size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = background.numbers().get(i);
        }
        return new Rows(1, numbers, background.texts().toArray(new String[0]));
    }
}
