package io.foresell.model.scorer;

import java.util.Arrays;

/**
 * Working memory of the calling thread, shared by all scorers so that a thousand models cost one buffer a thread and an
 * unloaded model leaves nothing behind. Contents are undefined between calls.
 */
final class Scratch {
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    private float[] floats = new float[1024];
    private float[][] block = new float[0][];
    private double[] doubles = new double[256];
    private float[] work = new float[256];
    private int[] ints = new int[0];
    private final TokenIds tokenIds = new TokenIds();

    private Scratch() {}

    static Scratch ofThread() {
        return OF_THREAD.get();
    }

    float[] floats(int length) {
        if (floats.length < length) {
            floats = new float[Math.max(length, floats.length * 2)];
        }
        return floats;
    }

    /** Returns an empty list of token ids; to be released. */
    TokenIds tokenIds(TokenTable table, int most) {
        return tokenIds.start(table, most);
    }

    /** Returns memory of a single step, apart from the memory of a row. */
    float[] work(int length) {
        if (work.length < length) {
            work = new float[Math.max(length, work.length * 2)];
        }
        return work;
    }

    /** Returns memories of their own for several rows. */
    float[][] block(int rowCount, int length) {
        if (block.length < rowCount) {
            block = Arrays.copyOf(block, rowCount);
        }
        for (int row = 0; row < rowCount; row++) {
            if (block[row] == null || block[row].length < length) {
                block[row] = new float[length];
            }
        }
        return block;
    }

    int[] ints(int length) {
        if (ints.length < length) {
            ints = new int[Math.max(length, ints.length * 2)];
        }
        return ints;
    }

    double[] doubles(int length) {
        if (doubles.length < length) {
            doubles = new double[Math.max(length, doubles.length * 2)];
        }
        return doubles;
    }
}
