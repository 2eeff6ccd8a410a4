package io.foresell.model.scorer;

/**
 * Working memory of the calling thread, shared by all scorers so that a thousand models cost one buffer a thread and an
 * unloaded model leaves nothing behind. Contents are undefined between calls.
 */
final class Scratch {
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    private float[] floats = new float[1024];
    private double[] doubles = new double[256];

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

    double[] doubles(int length) {
        if (doubles.length < length) {
            doubles = new double[Math.max(length, doubles.length * 2)];
        }
        return doubles;
    }
}
