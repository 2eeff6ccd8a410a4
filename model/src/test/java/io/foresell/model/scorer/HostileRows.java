package io.foresell.model.scorer;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.Random;

/** Rows of values that something has stumbled over before. */
public final class HostileRows {
    private static final float[] NUMBERS = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.MIN_VALUE,
        0f,
        -0f,
        1e30f,
        (float) Integer.MAX_VALUE,
        -1f,
        0.5f
    };
    private static final String[] TEXTS = {
        "", " ", "\u0000", "\ud800", "e\u0301", "一年 已", "nan", "-1", "a".repeat(5000), " a  b\tc ", "\ud83d\ude00"
    };

    private HostileRows() {}

    /** Returns rows of a signature. */
    public static Rows draw(Signature signature, int rowCount, Random random) {
        float[] numbers = new float[rowCount * signature.numberWidth()];
        String[] texts = new String[rowCount * signature.textWidth()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] =
                    random.nextInt(3) == 0 ? NUMBERS[random.nextInt(NUMBERS.length)] : (float) random.nextGaussian();
        }
        for (int i = 0; i < texts.length; i++) {
            texts[i] = TEXTS[random.nextInt(TEXTS.length)];
        }
        return new Rows(rowCount, numbers, texts);
    }
}
