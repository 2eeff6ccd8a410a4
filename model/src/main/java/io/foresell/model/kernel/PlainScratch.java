package io.foresell.model.kernel;

/** Arrays of the calling thread for loops that must not read the array they write. Contents are undefined between calls. */
final class PlainScratch {
    /** Results computed at once. */
    static final int CHUNK = 256;

    private static final ThreadLocal<PlainScratch> OF_THREAD = ThreadLocal.withInitial(PlainScratch::new);

    final float[] first = new float[CHUNK];
    final float[] second = new float[CHUNK];
    private float[][] rows = new float[0][];

    private PlainScratch() {}

    static PlainScratch ofThread() {
        return OF_THREAD.get();
    }

    /** Returns arrays of {@link #CHUNK} floats each. */
    float[][] rows(int count) {
        if (rows.length < count) {
            rows = new float[Math.max(count, rows.length * 2)][CHUNK];
        }
        return rows;
    }
}
