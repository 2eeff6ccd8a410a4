package io.foresell.model.kernel;

/**
 * The arithmetic of one machine. Immutable and thread-safe; no call allocates after the first ones of a thread.
 *
 * <p>Results are written at {@code to} and may be followed by up to {@link #OVERRUN} floats of rubbish: the array must
 * have room for them, and whoever writes consecutive results writes them in ascending order.
 */
public interface Kernels {
    /** Floats behind a result that a kernel may overwrite, and behind an operand that it may read. */
    int OVERRUN = 32;

    /** Returns the fastest variant that works in this JVM; always the same one. */
    static Kernels best() {
        return KernelChoice.BEST;
    }

    /** Returns the variant that works in every JVM. */
    static Kernels plain() {
        return PlainKernels.INSTANCE;
    }

    /** Returns what computes, such as "plain" or "vector 512". */
    String name();

    /**
     * Prepares {@code y = x W + b}.
     *
     * @param weights shape [inputs, outputs]
     * @param bias length outputs
     * @param isRectified whether {@code max(0, y)} is wanted
     */
    Dense dense(float[] weights, float[] bias, boolean isRectified);

    /**
     * Prepares a convolution.
     *
     * @param weights shape [filters, channels / groups, kernel height, kernel width]
     * @param bias length filters
     * @param isRectified whether {@code max(0, y)} is wanted
     */
    Convolution convolution(ConvolutionShape shape, float[] weights, float[] bias, boolean isRectified);

    /**
     * Multiplies two matrices in memory, row-major: {@code [rows, inner] x [inner, columns]}. May read and write the
     * overrun.
     */
    void multiply(float[] memory, int a, int rows, int inner, int b, int columns, int to);

    /** Returns the largest of one or more floats; NaN when one is. */
    float max(float[] x, int from, int count);

    /** Writes e^x of {@code count} floats; may work in place. No overrun. */
    void exp(float[] x, int from, int count, float[] y, int to);

    /** Writes 1 / (1 + e^-x), with a relative error of some 2e-7; may work in place. No overrun. */
    void sigmoid(float[] x, int from, int count, float[] y, int to);

    /** Writes tanh(x); may work in place. No overrun. */
    void tanh(float[] x, int from, int count, float[] y, int to);

    /** Writes erf(x); may work in place. No overrun. */
    void erf(float[] x, int from, int count, float[] y, int to);

    /**
     * Advances an LSTM by one step: {@code c = sigmoid(f) c + sigmoid(i) tanh(g)}, {@code h = sigmoid(o) tanh(c)}.
     *
     * <p>As sigmoid(x) = (1 + tanh(x / 2)) / 2, one function serves all gates.
     *
     * @param gates where i/2, o/2, f/2 and g start, each of {@code units} floats; overwritten
     * @param units a multiple of {@link #UNIT_BLOCK}
     */
    void lstmCell(float[] memory, int gates, int cell, int hidden, int units);

    /** Units of recurrent cells are padded to a multiple of this. */
    int UNIT_BLOCK = 16;
}
