package io.foresell.model.kernel;

import static io.foresell.model.kernel.VectorKernels.LANES;
import static io.foresell.model.kernel.VectorKernels.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The element functions of {@link Functions} on whole vectors of an array, plus e^x. Each is one loop: a vector that one
 * method hands to another may become an object.
 */
final class VectorFunctions {
    private VectorFunctions() {}

    /**
     * Writes e^(sign x), by the vector mathematics of the JVM (Linux, x86-64). Own arithmetic on the bits of the exponent left an
     * object per vector behind: the compiler of JDK 17 does not always see through turning integers into floats.
     *
     * @param vectors how many
     */
    static void exp(float[] x, int from, int vectors, float[] y, int to, float sign) {
        for (int i = 0; i < vectors * LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, x, from + i)
                    .mul(sign)
                    .lanewise(VectorOperators.EXP)
                    .intoArray(y, to + i);
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
