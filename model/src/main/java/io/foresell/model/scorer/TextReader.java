package io.foresell.model.scorer;

/** Finds a text of a row: an input, or what nodes make of inputs. */
@FunctionalInterface
interface TextReader {
    /**
     * Returns the text.
     *
     * @param memory of the row, where what the text depends on is written already
     * @param texts texts of all rows
     * @param textBase where the row's texts start
     */
    String read(float[] memory, String[] texts, int textBase);
}
