package io.foresell.model.kernel;

/** Element functions of one float: what the kernels compute for many at once. Exact at infinities; NaN stays NaN. */
public final class Functions {
    /*
     * tanh(x) = x P(x^2) / Q(x^2) and erf(x) alike: rational fits of least relative error (weighted least squares,
     * reweighted until the error is level), computed for this project. Error in 32-bit arithmetic below 4e-7.
     * Beyond the limit the result is 1.
     */
    static final float TANH_LIMIT = 9f;
    static final float TANH_P0 = 1f;
    static final float TANH_P1 = 0.13680814f;
    static final float TANH_P2 = 0.003869455f;
    static final float TANH_P3 = 2.8030217e-05f;
    static final float TANH_P4 = 3.0639804e-08f;
    static final float TANH_P5 = -1.2244159e-11f;
    static final float TANH_Q1 = 0.47014147f;
    static final float TANH_Q2 = 0.027249964f;
    static final float TANH_Q3 = 0.0003940619f;
    static final float TANH_Q4 = 1.2889574e-06f;

    static final float ERF_LIMIT = 3.95f;
    static final float ERF_P0 = 1.1283791f;
    static final float ERF_P1 = 0.19154401f;
    static final float ERF_P2 = 0.052874073f;
    static final float ERF_P3 = 0.0038077522f;
    static final float ERF_P4 = 0.00028465514f;
    static final float ERF_P5 = 2.0256482e-06f;
    static final float ERF_Q1 = 0.5030841f;
    static final float ERF_Q2 = 0.114556536f;
    static final float ERF_Q3 = 0.015054277f;
    static final float ERF_Q4 = 0.0011705834f;
    static final float ERF_Q5 = 3.78274e-05f;

    private Functions() {}

    /** Returns 1 / (1 + e^-x). */
    public static float sigmoid(float x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }

    /** Returns tanh(x); relative error below 4e-7, also near 0. */
    public static float tanh(float x) {
        if (x >= TANH_LIMIT || x <= -TANH_LIMIT) {
            return Math.signum(x);
        }
        float u = x * x;
        float p = ((((TANH_P5 * u + TANH_P4) * u + TANH_P3) * u + TANH_P2) * u + TANH_P1) * u + TANH_P0;
        float q = (((TANH_Q4 * u + TANH_Q3) * u + TANH_Q2) * u + TANH_Q1) * u + 1;
        return x * p / q;
    }

    /** Returns erf(x); relative error below 4e-7, also near 0. */
    public static float erf(float x) {
        if (x >= ERF_LIMIT || x <= -ERF_LIMIT) {
            return Math.signum(x);
        }
        float u = x * x;
        float p = ((((ERF_P5 * u + ERF_P4) * u + ERF_P3) * u + ERF_P2) * u + ERF_P1) * u + ERF_P0;
        float q = ((((ERF_Q5 * u + ERF_Q4) * u + ERF_Q3) * u + ERF_Q2) * u + ERF_Q1) * u + 1;
        return x * p / q;
    }

    /** Returns the largest of some floats, -Infinity of none; four at a time, since each comparison waits for the one before. */
    static float max(float[] x, int from, int count) {
        float a = Float.NEGATIVE_INFINITY;
        float b = a;
        float c = a;
        float d = a;
        int i = from;
        for (; i + 3 < from + count; i += 4) {
            a = Math.max(a, x[i]);
            b = Math.max(b, x[i + 1]);
            c = Math.max(c, x[i + 2]);
            d = Math.max(d, x[i + 3]);
        }
        for (; i < from + count; i++) {
            a = Math.max(a, x[i]);
        }
        return Math.max(Math.max(a, b), Math.max(c, d));
    }
}
