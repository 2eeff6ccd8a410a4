package io.foresell.model.kernel;

import static io.foresell.model.kernel.VectorKernels.LANES;
import static io.foresell.model.kernel.VectorKernels.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The element functions of {@link Functions} on whole vectors of an array, plus e^x. Each is one loop: a vector that one
 * method hands to another may become an object.
 */
final class VectorFunctions {
    private static final float LOG2_E = 1.442695f;
    // ln 2 in two parts, the first with few bits, so that n * LN2_HIGH is exact.
    private static final float LN2_HIGH = 0.6933594f;
    private static final float LN2_LOW = -0.00021219444f;
    // Adding 1.5 * 2^23 rounds to an integer, which then stands in the low bits.
    private static final float ROUND = 12582912f;
    private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);
    private static final float EXP_MIN = -104f;
    private static final float EXP_MAX = 89f;
    // e^r for |r| <= ln(2)/2, relative error 3e-9; fitted as the constants of Functions are.
    private static final float E2 = 0.49999994f;
    private static final float E3 = 0.1666652f;
    private static final float E4 = 0.041668393f;
    private static final float E5 = 0.008368781f;
    private static final float E6 = 0.0013814466f;

    private VectorFunctions() {}

    /**
     * Writes e^(sign x) = 2^n e^r; in two factors of 2, so that results beyond the range become infinity, subnormal or 0.
     *
     * @param vectors how many
     */
    static void exp(float[] x, int from, int vectors, float[] y, int to, float sign) {
        for (int i = 0; i < vectors * LANES; i += LANES) {
            FloatVector limited = FloatVector.fromArray(SPECIES, x, from + i)
                    .mul(sign)
                    .max(EXP_MIN)
                    .min(EXP_MAX);
            FloatVector rounded =
                    limited.fma(FloatVector.broadcast(SPECIES, LOG2_E), FloatVector.broadcast(SPECIES, ROUND));
            FloatVector n = rounded.sub(ROUND);
            FloatVector r = n.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), limited);
            r = n.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), r);
            FloatVector p = FloatVector.broadcast(SPECIES, E6).fma(r, FloatVector.broadcast(SPECIES, E5));
            p = p.fma(r, FloatVector.broadcast(SPECIES, E4))
                    .fma(r, FloatVector.broadcast(SPECIES, E3))
                    .fma(r, FloatVector.broadcast(SPECIES, E2));
            p = p.fma(r, FloatVector.broadcast(SPECIES, 1)).fma(r, FloatVector.broadcast(SPECIES, 1));
            IntVector exponent = rounded.reinterpretAsInts().sub(ROUND_BITS);
            IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
            IntVector rest = exponent.sub(half);
            FloatVector first = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector second =
                    rest.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            p.mul(first).mul(second).intoArray(y, to + i);
        }
    }

    /** Writes 1 / (1 + x) in place. */
    static void inverseOfOneMore(float[] x, int from, int vectors) {
        for (int i = from; i < from + vectors * LANES; i += LANES) {
            FloatVector.broadcast(SPECIES, 1)
                    .div(FloatVector.fromArray(SPECIES, x, i).add(1))
                    .intoArray(x, i);
        }
    }

    static void tanh(float[] x, int from, int vectors, float[] y, int to) {
        for (int i = 0; i < vectors * LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, from + i)
                    .max(-Functions.TANH_LIMIT)
                    .min(Functions.TANH_LIMIT);
            FloatVector u = v.mul(v);
            FloatVector p = FloatVector.broadcast(SPECIES, Functions.TANH_P5)
                    .fma(u, FloatVector.broadcast(SPECIES, Functions.TANH_P4));
            p = p.fma(u, FloatVector.broadcast(SPECIES, Functions.TANH_P3))
                    .fma(u, FloatVector.broadcast(SPECIES, Functions.TANH_P2));
            p = p.fma(u, FloatVector.broadcast(SPECIES, Functions.TANH_P1))
                    .fma(u, FloatVector.broadcast(SPECIES, Functions.TANH_P0));
            FloatVector q = FloatVector.broadcast(SPECIES, Functions.TANH_Q4)
                    .fma(u, FloatVector.broadcast(SPECIES, Functions.TANH_Q3));
            q = q.fma(u, FloatVector.broadcast(SPECIES, Functions.TANH_Q2))
                    .fma(u, FloatVector.broadcast(SPECIES, Functions.TANH_Q1));
            q = q.fma(u, FloatVector.broadcast(SPECIES, 1));
            v.mul(p).div(q).intoArray(y, to + i);
        }
    }

    static void erf(float[] x, int from, int vectors, float[] y, int to) {
        for (int i = 0; i < vectors * LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, from + i)
                    .max(-Functions.ERF_LIMIT)
                    .min(Functions.ERF_LIMIT);
            FloatVector u = v.mul(v);
            FloatVector p = FloatVector.broadcast(SPECIES, Functions.ERF_P5)
                    .fma(u, FloatVector.broadcast(SPECIES, Functions.ERF_P4));
            p = p.fma(u, FloatVector.broadcast(SPECIES, Functions.ERF_P3))
                    .fma(u, FloatVector.broadcast(SPECIES, Functions.ERF_P2));
            p = p.fma(u, FloatVector.broadcast(SPECIES, Functions.ERF_P1))
                    .fma(u, FloatVector.broadcast(SPECIES, Functions.ERF_P0));
            FloatVector q = FloatVector.broadcast(SPECIES, Functions.ERF_Q5)
                    .fma(u, FloatVector.broadcast(SPECIES, Functions.ERF_Q4));
            q = q.fma(u, FloatVector.broadcast(SPECIES, Functions.ERF_Q3))
                    .fma(u, FloatVector.broadcast(SPECIES, Functions.ERF_Q2));
            q = q.fma(u, FloatVector.broadcast(SPECIES, Functions.ERF_Q1)).fma(u, FloatVector.broadcast(SPECIES, 1));
            v.mul(p).div(q).intoArray(y, to + i);
        }
    }

    /**
     * Advances the cells of an LSTM: c = f c + i g, where the gates i and f are {@code (1 + t) / 2} of what stands there.
     */
    static void advance(float[] memory, int gates, int cell, int units) {
        for (int u = 0; u < units; u += LANES) {
            FloatVector old = FloatVector.fromArray(SPECIES, memory, cell + u);
            FloatVector kept = FloatVector.fromArray(SPECIES, memory, gates + 2 * units + u)
                    .fma(old, old);
            FloatVector candidate = FloatVector.fromArray(SPECIES, memory, gates + 3 * units + u);
            FloatVector added =
                    FloatVector.fromArray(SPECIES, memory, gates + u).fma(candidate, candidate);
            kept.add(added).mul(0.5f).intoArray(memory, cell + u);
        }
    }

    /** Multiplies the hidden places by output gates, {@code (1 + t) / 2} of what stands there. */
    static void release(float[] memory, int outputs, int hidden, int units) {
        for (int u = 0; u < units; u += LANES) {
            FloatVector value = FloatVector.fromArray(SPECIES, memory, hidden + u);
            FloatVector.fromArray(SPECIES, memory, outputs + u)
                    .fma(value, value)
                    .mul(0.5f)
                    .intoArray(memory, hidden + u);
        }
    }

    /** Returns the largest of a vector or more; the last vector overlaps the one before it. */
    static float max(float[] x, int from, int count) {
        int last = from + count - LANES;
        FloatVector max = FloatVector.fromArray(SPECIES, x, last);
        for (int i = from; i < last; i += LANES) {
            max = max.max(FloatVector.fromArray(SPECIES, x, i));
        }
        return max.reduceLanes(VectorOperators.MAX);
    }
}
