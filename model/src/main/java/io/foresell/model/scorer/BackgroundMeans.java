package io.foresell.model.scorer;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
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

    BackgroundMeans(Signature signature, List<Step> steps, int memorySize, Background background) {
        this.signature = signature;
        this.steps = steps;
        this.memorySize = memorySize;
        this.background = background;
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
        for (int input = 0; input < signature.inputs().size(); input++) {
            InputField field = signature.inputs().get(input);
            if (field.kind() == InputKind.TEXT) {
                addShares(means, missing, input, offset, sources);
            }
        }
        return means;
    }

    private void addShares(double[] means, double[] missing, int input, int offset, int[] sources) {
        int place = signature.offset(input);
        String[] texts = new String[signature.textWidth()];
        Arrays.fill(texts, "");
        for (Map.Entry<String, Double> share :
                background.textFrequencies().get(place).entrySet()) {
            texts[place] = share.getKey();
            float[] memory = run(texts);
            for (int i = 0; i < means.length; i++) {
                if (sources[i] == input) {
                    means[i] += share.getValue() * (memory[offset + i] - missing[i]);
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
