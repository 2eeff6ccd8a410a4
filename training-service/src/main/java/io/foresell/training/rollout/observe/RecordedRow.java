package io.foresell.training.rollout.observe;

/** A row as the champion's scorer saw it, in the order of its signature. The arrays are not copied: nobody changes them. */
public final class RecordedRow {
    private final float[] numbers;
    private final String[] texts;

    public RecordedRow(float[] numbers, String[] texts) {
        this.numbers = numbers;
        this.texts = texts;
    }

    public int numberCount() {
        return numbers.length;
    }

    public int textCount() {
        return texts.length;
    }

    public float number(int index) {
        return numbers[index];
    }

    public String text(int index) {
        return texts[index];
    }
}
