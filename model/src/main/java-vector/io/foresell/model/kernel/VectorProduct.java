package io.foresell.model.kernel;

import static io.foresell.model.kernel.VectorKernels.LANES;
import static io.foresell.model.kernel.VectorKernels.SPECIES;

import jdk.incubator.vector.FloatVector;

/** One row times columns of a matrix in the same memory. */
final class VectorProduct {
    private VectorProduct() {}

    /** Computes the columns of four vectors; columns beyond the matrix become rubbish. */
    static void four(float[] memory, int x, int inner, int matrix, int stride, int y) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = FloatVector.zero(SPECIES);
        FloatVector c = FloatVector.zero(SPECIES);
        FloatVector d = FloatVector.zero(SPECIES);
        for (int i = 0, k = matrix; i < inner; i++, k += stride) {
            FloatVector value = FloatVector.broadcast(SPECIES, memory[x + i]);
            a = value.fma(FloatVector.fromArray(SPECIES, memory, k), a);
            b = value.fma(FloatVector.fromArray(SPECIES, memory, k + LANES), b);
            c = value.fma(FloatVector.fromArray(SPECIES, memory, k + 2 * LANES), c);
            d = value.fma(FloatVector.fromArray(SPECIES, memory, k + 3 * LANES), d);
        }
        a.intoArray(memory, y);
        b.intoArray(memory, y + LANES);
        c.intoArray(memory, y + 2 * LANES);
        d.intoArray(memory, y + 3 * LANES);
    }

    /** Computes the columns of one vector, the inner dimension in two parts. */
    static void one(float[] memory, int x, int inner, int matrix, int stride, int y) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = FloatVector.zero(SPECIES);
        int i = 0;
        int k = matrix;
        for (; i + 1 < inner; i += 2, k += 2 * stride) {
            a = FloatVector.broadcast(SPECIES, memory[x + i]).fma(FloatVector.fromArray(SPECIES, memory, k), a);
            b = FloatVector.broadcast(SPECIES, memory[x + i + 1])
                    .fma(FloatVector.fromArray(SPECIES, memory, k + stride), b);
        }
        if (i < inner) {
            a = FloatVector.broadcast(SPECIES, memory[x + i]).fma(FloatVector.fromArray(SPECIES, memory, k), a);
        }
        a.add(b).intoArray(memory, y);
    }
}
