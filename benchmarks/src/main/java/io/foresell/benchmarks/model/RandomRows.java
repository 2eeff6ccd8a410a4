package io.foresell.benchmarks.model;

import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.Arrays;
import java.util.Random;

/** Rows drawn from a seed, all different, so that no branch predictor learns one of them by heart. */
final class RandomRows {
    private static final String[] TEXTS = {
        "Month-to-month",
        "One year",
        "Two year",
        "Electronic check",
        "Mailed check",
        "Bank transfer",
        "Fiber",
        "DSL",
        "No"
    };

    private RandomRows() {}

    /** Returns the texts that {@link #draw} puts into every text input; one more, never given to an encoder, is unseen. */
    static String[] categories(int count) {
        return Arrays.copyOf(TEXTS, count);
    }

    /**
     * Returns rows of standard normal numbers and of texts.
     *
     * @param missingShare share of numbers and of texts that are missing
     */
    static Rows draw(Signature signature, int rowCount, double missingShare, long seed) {
        Random random = new Random(seed);
        float[] numbers = new float[rowCount * signature.numberWidth()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextDouble() < missingShare ? Float.NaN : (float) random.nextGaussian();
        }
        String[] texts = new String[rowCount * signature.textWidth()];
        for (int i = 0; i < texts.length; i++) {
            // A copy, as a text of a request is never the same object as the category of a model.
            String text = new String(TEXTS[random.nextInt(TEXTS.length)].toCharArray());
            texts[i] = random.nextDouble() < missingShare ? "" : text;
        }
        return new Rows(rowCount, numbers, texts);
    }

    /** Returns {@code count} consecutive rows. */
    static Rows slice(Rows rows, Signature signature, int from, int count) {
        int numbers = signature.numberWidth();
        int texts = signature.textWidth();
        return new Rows(
                count,
                Arrays.copyOfRange(rows.numbers(), from * numbers, (from + count) * numbers),
                Arrays.copyOfRange(rows.texts(), from * texts, (from + count) * texts));
    }

    /** Returns the values of one input, row-major. */
    static float[] numbers(Rows rows, Signature signature, InputField field) {
        int width = field.width();
        float[] values = new float[rows.rowCount() * width];
        int offset = signature.offset(field.name());
        for (int row = 0; row < rows.rowCount(); row++) {
            System.arraycopy(rows.numbers(), row * signature.numberWidth() + offset, values, row * width, width);
        }
        return values;
    }

    /** Returns the texts of one input. */
    static String[] texts(Rows rows, Signature signature, InputField field) {
        String[] values = new String[rows.rowCount()];
        int offset = signature.offset(field.name());
        for (int row = 0; row < values.length; row++) {
            values[row] = rows.texts()[row * signature.textWidth() + offset];
        }
        return values;
    }
}
