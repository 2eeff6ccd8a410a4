package io.foresell.model.kernel;

import static io.foresell.model.kernel.VectorKernels.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The element functions of {@link Functions} on vectors, plus e^x. */
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

    /** Returns e^x = 2^n e^r; in two factors of 2, so that results beyond the range become infinity, subnormal or 0. */
    static FloatVector exp(FloatVector x) {
        FloatVector limited = x.max(EXP_MIN).min(EXP_MAX);
        FloatVector rounded = limited.fma(constant(LOG2_E), constant(ROUND));
        FloatVector n = rounded.sub(ROUND);
        FloatVector r = n.fma(constant(-LN2_HIGH), limited);
        r = n.fma(constant(-LN2_LOW), r);
        FloatVector p = constant(E6).fma(r, constant(E5));
        p = p.fma(r, constant(E4)).fma(r, constant(E3)).fma(r, constant(E2));
        p = p.fma(r, constant(1)).fma(r, constant(1));
        IntVector exponent = rounded.reinterpretAsInts().sub(ROUND_BITS);
        IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
        return p.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
    }

    private static FloatVector powerOfTwo(IntVector exponent) {
        return exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    static FloatVector sigmoid(FloatVector x) {
        return constant(1).div(exp(x.neg()).add(1));
    }

    /** Returns sigmoid(x) = 1/2 + tanh(x/2)/2, exact to 3e-7 absolute: enough for what gates multiply. */
    static FloatVector gate(FloatVector x) {
        FloatVector half = constant(0.5f);
        return tanh(x.mul(half)).fma(half, half);
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector v = x.max(-Functions.TANH_LIMIT).min(Functions.TANH_LIMIT);
        FloatVector u = v.mul(v);
        FloatVector p = constant(Functions.TANH_P5).fma(u, constant(Functions.TANH_P4));
        p = p.fma(u, constant(Functions.TANH_P3)).fma(u, constant(Functions.TANH_P2));
        p = p.fma(u, constant(Functions.TANH_P1)).fma(u, constant(Functions.TANH_P0));
        FloatVector q = constant(Functions.TANH_Q4).fma(u, constant(Functions.TANH_Q3));
        q = q.fma(u, constant(Functions.TANH_Q2)).fma(u, constant(Functions.TANH_Q1)).fma(u, constant(1));
        return v.mul(p).div(q);
    }

    static FloatVector erf(FloatVector x) {
        FloatVector v = x.max(-Functions.ERF_LIMIT).min(Functions.ERF_LIMIT);
        FloatVector u = v.mul(v);
        FloatVector p = constant(Functions.ERF_P5).fma(u, constant(Functions.ERF_P4));
        p = p.fma(u, constant(Functions.ERF_P3)).fma(u, constant(Functions.ERF_P2));
        p = p.fma(u, constant(Functions.ERF_P1)).fma(u, constant(Functions.ERF_P0));
        FloatVector q = constant(Functions.ERF_Q5).fma(u, constant(Functions.ERF_Q4));
        q = q.fma(u, constant(Functions.ERF_Q3)).fma(u, constant(Functions.ERF_Q2));
        q = q.fma(u, constant(Functions.ERF_Q1)).fma(u, constant(1));
        return v.mul(p).div(q);
    }

    private static FloatVector constant(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
