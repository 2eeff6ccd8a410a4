package io.foresell.model.scorer;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Means of computed columns over the background, found by running the plan on it. Used while a scorer is built. */
final class BackgroundMeans {
    private final Signature signature;
    private final List<Step> steps;
    private final int memorySize;
    private final Background background;
    private final List<List<Map.Entry<String, Double>>> sharesByPlace;

    BackgroundMeans(Signature signature, List<Step> steps, int memorySize, Background background) {
        this.signature = signature;
        this.steps = steps;
        this.memorySize = memorySize;
        this.background = background;
        this.sharesByPlace = background.textFrequencies().stream()
                .map(shares -> List.copyOf(shares.entrySet()))
                .toList();
    }

    /**
     * Returns the mean of each column. Numbers: the column at the mean number (exact for affine encodings). Texts: the
     * columns of each text, weighted by its share; texts beyond the background count as missing.
     *
     * @param sources the input each column depends on
     */
    double[] of(int offset, int[] sources) {
        String[] texts = new String[signature.textWidth()];
        Arrays.fill(texts, "");
        float[] memory = run(texts);
        double[] means = new double[sources.length];
        for (int i = 0; i < means.length; i++) {
            means[i] = Float.isNaN(memory[offset + i]) ? 0 : memory[offset + i];
        }
        double[] missing = means.clone();
        for (int rank = 0; rank < Background.MAX_TEXTS && setTexts(texts, rank); rank++) {
            memory = run(texts);
            addShares(means, missing, rank, offset, sources, memory);
        }
        return means;
    }

    /** Returns how contributions are to be computed. */
    ExplanationKind explanation() {
        return background.explanation();
    }

    /** Returns so many computed columns of each sample row, one row after the other. */
    float[] ofSampleRows(int offset, int width) {
        Rows rows = background.sampleRows().rows();
        float[] columns = new float[rows.rowCount() * width];
        float[] memory = new float[memorySize];
        for (int row = 0; row < rows.rowCount(); row++) {
            System.arraycopy(rows.numbers(), row * signature.numberWidth(), memory, 0, signature.numberWidth());
            for (Step step : steps) {
                step.run(memory, rows.texts(), row * signature.textWidth());
            }
            System.arraycopy(memory, offset, columns, row * width, width);
        }
        return columns;
    }

    /**
     * Sets every text input to its text at this rank at once: each column depends on one input only. Returns false when
     * no input has so many.
     */
    private boolean setTexts(String[] texts, int rank) {
        boolean hasText = false;
        for (int place = 0; place < texts.length; place++) {
            List<Map.Entry<String, Double>> shares = sharesByPlace.get(place);
            texts[place] = rank < shares.size() ? shares.get(rank).getKey() : "";
            hasText |= rank < shares.size();
        }
        return hasText;
    }

    private void addShares(double[] means, double[] missing, int rank, int offset, int[] sources, float[] memory) {
        for (int i = 0; i < means.length; i++) {
            InputField field = signature.inputs().get(sources[i]);
            if (field.kind() == InputKind.TEXT) {
                List<Map.Entry<String, Double>> shares = sharesByPlace.get(signature.offset(sources[i]));
                if (rank < shares.size()) {
                    means[i] += shares.get(rank).getValue() * (memory[offset + i] - missing[i]);
                }
            }
        }
    }

    private float[] run(String[] texts) {
        float[] memory = new float[memorySize];
        for (int i = 0; i < signature.numberWidth(); i++) {
            memory[i] = background.numbers().get(i);
        }
        for (Step step : steps) {
            step.run(memory, texts, 0);
        }
        return memory;
    }
}
