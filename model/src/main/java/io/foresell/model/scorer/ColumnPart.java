package io.foresell.model.scorer;

import java.util.Arrays;

/** Some neighbouring columns of {@link EncodedColumns}: how to compute them from the memory and the texts of a row. */
sealed interface ColumnPart {
    /** Returns how many columns. */
    int width();

    /** Writes the columns to consecutive places. */
    void write(float[] memory, int to, String[] texts, int textBase);

    /**
     * Adds the columns, each times its weights, to the sums.
     *
     * @param weights row-major, shape [all columns, targets]
     * @param first index of the part's first column
     * @param sums one per target
     */
    void addProducts(
            float[] memory, String[] texts, int textBase, float[] weights, int first, int targets, double[] sums);

    /** Numbers of the memory as they are. */
    record Plain(int offset, int width) implements ColumnPart {
        @Override
        public void write(float[] memory, int to, String[] texts, int textBase) {
            System.arraycopy(memory, offset, memory, to, width);
        }

        @Override
        public void addProducts(
                float[] memory, String[] texts, int textBase, float[] weights, int first, int targets, double[] sums) {
            for (int i = 0; i < width; i++) {
                addProduct(memory[offset + i], weights, (first + i) * targets, targets, sums);
            }
        }
    }

    /** Numbers of the memory, missing ones filled (a fill of NaN leaves them missing), as {@code (x - offset) * scale}. */
    @SuppressWarnings("ArrayRecordComponent")
    record Scaled(int[] places, float[] fills, float[] offsets, float[] scales) implements ColumnPart {
        @Override
        public int width() {
            return places.length;
        }

        boolean isUnscaled() {
            for (int i = 0; i < places.length; i++) {
                if (offsets[i] != 0 || scales[i] != 1) {
                    return false;
                }
            }
            return true;
        }

        private float column(float[] memory, int i) {
            float x = memory[places[i]];
            return ((Float.isNaN(x) ? fills[i] : x) - offsets[i]) * scales[i];
        }

        @Override
        public void write(float[] memory, int to, String[] texts, int textBase) {
            for (int i = 0; i < places.length; i++) {
                memory[to + i] = column(memory, i);
            }
        }

        @Override
        public void addProducts(
                float[] memory, String[] texts, int textBase, float[] weights, int first, int targets, double[] sums) {
            for (int i = 0; i < places.length; i++) {
                addProduct(column(memory, i), weights, (first + i) * targets, targets, sums);
            }
        }
    }

    /** A text as one column per category: 1 at its own, 0 elsewhere and for a text of no category. */
    record OneHot(int place, TextIndex categories, int width) implements ColumnPart {
        @Override
        public void write(float[] memory, int to, String[] texts, int textBase) {
            for (int i = to; i < to + width; i++) {
                memory[i] = 0;
            }
            int position = categories.find(texts[textBase + place]);
            if (position >= 0) {
                memory[to + position] = 1;
            }
        }

        @Override
        public void addProducts(
                float[] memory, String[] texts, int textBase, float[] weights, int first, int targets, double[] sums) {
            int position = categories.find(texts[textBase + place]);
            if (position >= 0) {
                addProduct(1, weights, (first + position) * targets, targets, sums);
            }
        }
    }

    /** A computed text as one column per category. */
    record OneHotText(TextReader reader, TextIndex categories, int width) implements ColumnPart {
        @Override
        public void write(float[] memory, int to, String[] texts, int textBase) {
            int position = categories.find(reader.read(memory, texts, textBase));
            Arrays.fill(memory, to, to + width, 0);
            if (position >= 0) {
                memory[to + position] = 1;
            }
        }

        @Override
        public void addProducts(
                float[] memory, String[] texts, int textBase, float[] weights, int first, int targets, double[] sums) {
            int position = categories.find(reader.read(memory, texts, textBase));
            if (position >= 0) {
                addProduct(1, weights, (first + position) * targets, targets, sums);
            }
        }
    }

    /** An integer of the memory as one column per category; fractions are cut off. */
    record OneHotNumber(int place, NumberIndex categories, int width) implements ColumnPart {
        private int position(float[] memory) {
            float x = memory[place];
            return Float.isNaN(x) ? -1 : categories.find((float) (long) x);
        }

        @Override
        public void write(float[] memory, int to, String[] texts, int textBase) {
            int position = position(memory);
            Arrays.fill(memory, to, to + width, 0);
            if (position >= 0) {
                memory[to + position] = 1;
            }
        }

        @Override
        public void addProducts(
                float[] memory, String[] texts, int textBase, float[] weights, int first, int targets, double[] sums) {
            int position = position(memory);
            if (position >= 0) {
                addProduct(1, weights, (first + position) * targets, targets, sums);
            }
        }
    }

    private static void addProduct(float x, float[] weights, int from, int targets, double[] sums) {
        for (int target = 0; target < targets; target++) {
            sums[target] += (double) x * weights[from + target];
        }
    }
}
