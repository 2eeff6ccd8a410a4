package io.foresell.training.fit.neural;

import io.foresell.training.fit.Ranges;
import java.util.List;
import java.util.Optional;

/**
 * How features become what layers read. Numbers are standardised, sequences of one length are the channels of one sequence.
 *
 * @param image the sequence read as an image
 * @param texts texts read as words; when empty, those of three words or more on average that are mostly different
 * @param vocabularySize most different words, 1 to 200,000
 * @param textLength words read of a text, 2 to 512; 0 for as many as 19 of 20 training texts have, at most 64
 * @param wordWidth numbers of a word's embedding, 1 to 512
 * @param oneHotCategories a text with more categories is embedded, 0 to 1,000,000
 * @param categoryWidth numbers of a category's embedding, 1 to 512; 0 for {@code 1.6 * categories^0.56}, at most 50
 */
public record InputPlan(
        Optional<ImageInput> image,
        List<String> texts,
        int vocabularySize,
        int textLength,
        int wordWidth,
        int oneHotCategories,
        int categoryWidth) {
    private static final int EVERY = 1_000_000;

    /** Is what a spec means that says nothing else. */
    public static final InputPlan DEFAULT = new InputPlan(Optional.empty(), List.of(), 5000, 0, 64, 20, 0);

    /** Has a column for every category of a text. */
    public static final InputPlan ONE_HOT = new InputPlan(Optional.empty(), List.of(), 5000, 0, 64, EVERY, 0);

    public InputPlan {
        texts = List.copyOf(texts);
        Ranges.require("text.vocabulary", vocabularySize, 1, 200_000);
        if (textLength != 0) {
            Ranges.require("text.length", textLength, 2, 512);
        }
        Ranges.require("text.embedding", wordWidth, 1, 512);
        Ranges.require("categories.one_hot_up_to", oneHotCategories, 0, EVERY);
        Ranges.require("categories.embedding", categoryWidth, 0, 512);
    }

    /** Returns whether texts that look like sentences are read as words. */
    boolean isTextFound() {
        return texts.isEmpty() && oneHotCategories < EVERY;
    }

    /** Returns the width of an embedding (a rule of thumb of the fastai library's documentation). */
    int widthOf(int categories) {
        return categoryWidth > 0
                ? categoryWidth
                : (int) Math.min(50, Math.max(2, Math.round(1.6 * Math.pow(categories, 0.56))));
    }
}
