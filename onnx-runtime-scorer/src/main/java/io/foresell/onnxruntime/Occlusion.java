package io.foresell.onnxruntime;

import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Replacements;

/**
 * Contributions from answers alone: what the explained value loses when one input is replaced and all others stay. The input is
 * replaced by its values in sample rows of the training data, and the losses averaged; without sample rows by its background value.
 */
final class Occlusion {
    private static final double LEAST_PROBABILITY = 1e-9; // keeps log-odds and logarithms finite, as in the compiler

    private final Signature signature;
    private final Answer answer;
    private final Rows replacements;

    Occlusion(Signature signature, Answer answer, Background background) {
        this.signature = signature;
        this.answer = answer;
        this.replacements = Replacements.of(signature, background);
    }

    /** Returns the row once per input and replacement with that input replaced, and the row as it is at the end. */
    Rows variants(Rows rows, int row) {
        int inputCount = signature.inputs().size();
        int samples = replacements.rowCount();
        int numberWidth = signature.numberWidth();
        int textWidth = signature.textWidth();
        int count = inputCount * samples + 1;
        float[] numbers = new float[count * numberWidth];
        String[] texts = new String[count * textWidth];
        for (int i = 0; i < count; i++) {
            System.arraycopy(rows.numbers(), row * numberWidth, numbers, i * numberWidth, numberWidth);
            System.arraycopy(rows.texts(), row * textWidth, texts, i * textWidth, textWidth);
        }
        for (int i = 0; i < inputCount; i++) {
            for (int sample = 0; sample < samples; sample++) {
                replace(i, sample, numbers, texts, i * samples + sample);
            }
        }
        return new Rows(count, numbers, texts);
    }

    private void replace(int input, int sample, float[] numbers, String[] texts, int variant) {
        InputField field = signature.inputs().get(input);
        int offset = signature.offset(input);
        if (field.kind() == InputKind.TEXT) {
            texts[variant * signature.textWidth() + offset] =
                    replacements.texts()[sample * signature.textWidth() + offset];
        } else {
            int width = signature.numberWidth();
            System.arraycopy(
                    replacements.numbers(), sample * width + offset, numbers, variant * width + offset, field.width());
        }
    }

    /** Compares the answers to {@link #variants}. */
    void contributions(float[] answers, int target, double[] perInput) {
        int samples = replacements.rowCount();
        double value = explained(answers[perInput.length * samples * answer.width() + target]);
        for (int i = 0; i < perInput.length; i++) {
            double sum = 0;
            for (int sample = 0; sample < samples; sample++) {
                sum += explained(answers[(i * samples + sample) * answer.width() + target]);
            }
            perInput[i] = value - sum / samples;
        }
    }

    private double explained(double value) {
        return switch (answer.task()) {
            case BINARY -> {
                double p = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, value));
                yield Math.log(p / (1 - p));
            }
            case MULTICLASS -> Math.log(Math.max(LEAST_PROBABILITY, value));
            case REGRESSION, CLUSTERS, RANKING -> value;
        };
    }
}
