package io.foresell.model.kernel;

import static io.foresell.model.kernel.VectorKernels.LANES;
import static io.foresell.model.kernel.VectorKernels.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Keeps sums in registers. Outputs are split into panels of 4, 2 or 1 vectors; a narrow panel sums its inputs in 2 or 4
 * parts, so that one row always keeps four sums going, and several rows share each load of a weight. Panels are computed
 * from last to first: the last alone may overrun its row, into what is then written.
 */
final class VectorDense implements Dense {
    private static final int FEW = 4;
    // AVX-512 keeps 32 vectors: sixteen sums fit. Elsewhere eight do.
    private static final boolean HAS_MANY_REGISTERS = LANES >= 16;

    private final int inputs;
    private final int outputs;
    // The least result: 0 for rectified ones. A branch, or a method that takes a vector, may turn vectors into objects.
    private final float floor;
    private final boolean isFew;
    // Few outputs: [output][input]. Many: per panel [input][vectors of the panel].
    private final float[] weights;
    private final float[] bias;
    // Vectors of each panel.
    private final int[] panels;

    VectorDense(float[] weights, float[] bias, boolean isRectified) {
        this.outputs = bias.length;
        this.inputs = outputs == 0 ? 0 : weights.length / outputs;
        this.floor = isRectified ? 0 : Float.NEGATIVE_INFINITY;
        this.isFew = outputs <= FEW && inputs >= LANES / 2;
        this.panels = isFew ? new int[0] : panels((outputs + LANES - 1) / LANES);
        this.weights = isFew ? transposed(weights) : packed(weights);
        this.bias = Arrays.copyOf(bias, (outputs + LANES - 1) / LANES * LANES);
    }

    private static int[] panels(int vectors) {
        int rest = vectors % 4;
        int[] panels = new int[vectors / 4 + Integer.bitCount(rest)];
        Arrays.fill(panels, 4);
        for (int i = vectors / 4, bit = 2; bit > 0; bit /= 2) {
            if ((rest & bit) != 0) {
                panels[i++] = bit;
            }
        }
        return panels;
    }

    private float[] transposed(float[] matrix) {
        float[] result = new float[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            result[i % outputs * inputs + i / outputs] = matrix[i];
        }
        return result;
    }

    private float[] packed(float[] matrix) {
        int vectors = (outputs + LANES - 1) / LANES;
        float[] result = new float[vectors * LANES * inputs];
        int place = 0;
        int first = 0;
        for (int panel : panels) {
            int width = panel * LANES;
            for (int i = 0; i < inputs; i++, place += width) {
                System.arraycopy(matrix, i * outputs + first, result, place, Math.min(width, outputs - first));
            }
            first += width;
        }
        return result;
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public void run(float[] x, int from, float[] y, int to) {
        run(x, from, bias, 0, y, to, floor);
    }

    @Override
    public void addTo(float[] x, int from, float[] y, int to) {
        run(x, from, y, to, y, to, Float.NEGATIVE_INFINITY);
    }

    private void run(float[] x, int from, float[] start, int startAt, float[] y, int to, float floor) {
        if (isFew) {
            dots(x, from, start, startAt, y, to, floor);
            return;
        }
        int column = bias.length;
        for (int p = panels.length - 1; p >= 0; p--) {
            column -= panels[p] * LANES;
            int w = column * inputs;
            if (panels[p] == 4) {
                four(x, from, inputs, weights, w, start, startAt + column, y, to + column, floor);
            } else if (panels[p] == 2) {
                two(x, from, inputs, weights, w, start, startAt + column, y, to + column, floor);
            } else {
                one(x, from, inputs, weights, w, start, startAt + column, y, to + column, floor);
            }
        }
    }

    @Override
    public void runRows(float[] x, int from, int rowCount, float[] y, int to) {
        int row = 0;
        for (; row + 3 < rowCount && !isFew; row += 4) {
            int f = from + row * inputs;
            int t = to + row * outputs;
            tile(
                    x,
                    f,
                    x,
                    f + inputs,
                    x,
                    f + 2 * inputs,
                    x,
                    f + 3 * inputs,
                    y,
                    t,
                    y,
                    t + outputs,
                    y,
                    t + 2 * outputs,
                    y,
                    t + 3 * outputs);
        }
        for (; row < rowCount; row++) {
            run(x, from + row * inputs, y, to + row * outputs);
        }
    }

    @Override
    public void runBlock(float[][] memories, int rowCount, int from, int to) {
        int row = 0;
        for (; row + 3 < rowCount && !isFew; row += 4) {
            float[] a = memories[row];
            float[] b = memories[row + 1];
            float[] c = memories[row + 2];
            float[] d = memories[row + 3];
            tile(a, from, b, from, c, from, d, from, a, to, b, to, c, to, d, to);
        }
        for (; row < rowCount; row++) {
            run(memories[row], from, memories[row], to);
        }
    }

    private void tile(
            float[] xa,
            int fa,
            float[] xb,
            int fb,
            float[] xc,
            int fc,
            float[] xd,
            int fd,
            float[] ya,
            int ta,
            float[] yb,
            int tb,
            float[] yc,
            int tc,
            float[] yd,
            int td) {
        int column = bias.length;
        for (int p = panels.length - 1; p >= 0; p--) {
            column -= panels[p] * LANES;
            int w = column * inputs;
            if (panels[p] == 4 && HAS_MANY_REGISTERS) {
                fourRowsFour(
                        xa,
                        fa,
                        xb,
                        fb,
                        xc,
                        fc,
                        xd,
                        fd,
                        inputs,
                        weights,
                        w,
                        bias,
                        column,
                        floor,
                        ya,
                        ta + column,
                        yb,
                        tb + column,
                        yc,
                        tc + column,
                        yd,
                        td + column);
            } else if (panels[p] == 4) {
                for (int half = 2 * LANES; half >= 0; half -= 2 * LANES) {
                    int c = column + half;
                    fourRowsTwo(
                            xa, fa, xb, fb, xc, fc, xd, fd, inputs, weights, w + half, bias, c, floor, ya, ta + c, yb,
                            tb + c, yc, tc + c, yd, td + c);
                }
            } else if (panels[p] == 2 && HAS_MANY_REGISTERS) {
                fourRowsPairs(
                        xa,
                        fa,
                        xb,
                        fb,
                        xc,
                        fc,
                        xd,
                        fd,
                        inputs,
                        weights,
                        w,
                        bias,
                        column,
                        floor,
                        ya,
                        ta + column,
                        yb,
                        tb + column,
                        yc,
                        tc + column,
                        yd,
                        td + column);
            } else if (panels[p] == 2) {
                twoRowsTwo(xa, fa, xb, fb, inputs, weights, w, bias, column, floor, ya, ta + column, yb, tb + column);
                twoRowsTwo(xc, fc, xd, fd, inputs, weights, w, bias, column, floor, yc, tc + column, yd, td + column);
            } else {
                twoRowsOne(xa, fa, xb, fb, inputs, weights, w, bias, column, floor, ya, ta + column, yb, tb + column);
                twoRowsOne(xc, fc, xd, fd, inputs, weights, w, bias, column, floor, yc, tc + column, yd, td + column);
            }
        }
    }

    private void dots(float[] x, int from, float[] start, int startAt, float[] y, int to, float floor) {
        for (int o = 0; o < outputs; o++) {
            float sum = dot(x, from, inputs, weights, o * inputs) + start[startAt + o];
            y[to + o] = Math.max(floor, sum);
        }
    }

    private static float dot(float[] x, int from, int inputs, float[] weights, int w) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i + LANES <= inputs; i += LANES) {
            sum = FloatVector.fromArray(SPECIES, x, from + i).fma(FloatVector.fromArray(SPECIES, weights, w + i), sum);
        }
        float total = sum.reduceLanes(VectorOperators.ADD);
        for (; i < inputs; i++) {
            total += x[from + i] * weights[w + i];
        }
        return total;
    }

    private static void four(
            float[] x,
            int from,
            int inputs,
            float[] weights,
            int w,
            float[] start,
            int startAt,
            float[] y,
            int to,
            float floor) {
        FloatVector a = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector b = FloatVector.fromArray(SPECIES, start, startAt + LANES);
        FloatVector c = FloatVector.fromArray(SPECIES, start, startAt + 2 * LANES);
        FloatVector d = FloatVector.fromArray(SPECIES, start, startAt + 3 * LANES);
        for (int i = 0, k = w; i < inputs; i++, k += 4 * LANES) {
            FloatVector value = FloatVector.broadcast(SPECIES, x[from + i]);
            a = value.fma(FloatVector.fromArray(SPECIES, weights, k), a);
            b = value.fma(FloatVector.fromArray(SPECIES, weights, k + LANES), b);
            c = value.fma(FloatVector.fromArray(SPECIES, weights, k + 2 * LANES), c);
            d = value.fma(FloatVector.fromArray(SPECIES, weights, k + 3 * LANES), d);
        }
        a.max(floor).intoArray(y, to);
        b.max(floor).intoArray(y, to + LANES);
        c.max(floor).intoArray(y, to + 2 * LANES);
        d.max(floor).intoArray(y, to + 3 * LANES);
    }

    private static void fourRowsFour(
            float[] xa,
            int fa,
            float[] xb,
            int fb,
            float[] xc,
            int fc,
            float[] xd,
            int fd,
            int inputs,
            float[] weights,
            int w,
            float[] start,
            int startAt,
            float floor,
            float[] ya,
            int ta,
            float[] yb,
            int tb,
            float[] yc,
            int tc,
            float[] yd,
            int td) {
        FloatVector a0 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector a1 = FloatVector.fromArray(SPECIES, start, startAt + LANES);
        FloatVector a2 = FloatVector.fromArray(SPECIES, start, startAt + 2 * LANES);
        FloatVector a3 = FloatVector.fromArray(SPECIES, start, startAt + 3 * LANES);
        FloatVector b0 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector b1 = FloatVector.fromArray(SPECIES, start, startAt + LANES);
        FloatVector b2 = FloatVector.fromArray(SPECIES, start, startAt + 2 * LANES);
        FloatVector b3 = FloatVector.fromArray(SPECIES, start, startAt + 3 * LANES);
        FloatVector c0 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector c1 = FloatVector.fromArray(SPECIES, start, startAt + LANES);
        FloatVector c2 = FloatVector.fromArray(SPECIES, start, startAt + 2 * LANES);
        FloatVector c3 = FloatVector.fromArray(SPECIES, start, startAt + 3 * LANES);
        FloatVector d0 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector d1 = FloatVector.fromArray(SPECIES, start, startAt + LANES);
        FloatVector d2 = FloatVector.fromArray(SPECIES, start, startAt + 2 * LANES);
        FloatVector d3 = FloatVector.fromArray(SPECIES, start, startAt + 3 * LANES);
        for (int i = 0, k = w; i < inputs; i++, k += 4 * LANES) {
            FloatVector w0 = FloatVector.fromArray(SPECIES, weights, k);
            FloatVector w1 = FloatVector.fromArray(SPECIES, weights, k + LANES);
            FloatVector w2 = FloatVector.fromArray(SPECIES, weights, k + 2 * LANES);
            FloatVector w3 = FloatVector.fromArray(SPECIES, weights, k + 3 * LANES);
            FloatVector a = FloatVector.broadcast(SPECIES, xa[fa + i]);
            a0 = a.fma(w0, a0);
            a1 = a.fma(w1, a1);
            a2 = a.fma(w2, a2);
            a3 = a.fma(w3, a3);
            FloatVector b = FloatVector.broadcast(SPECIES, xb[fb + i]);
            b0 = b.fma(w0, b0);
            b1 = b.fma(w1, b1);
            b2 = b.fma(w2, b2);
            b3 = b.fma(w3, b3);
            FloatVector c = FloatVector.broadcast(SPECIES, xc[fc + i]);
            c0 = c.fma(w0, c0);
            c1 = c.fma(w1, c1);
            c2 = c.fma(w2, c2);
            c3 = c.fma(w3, c3);
            FloatVector d = FloatVector.broadcast(SPECIES, xd[fd + i]);
            d0 = d.fma(w0, d0);
            d1 = d.fma(w1, d1);
            d2 = d.fma(w2, d2);
            d3 = d.fma(w3, d3);
        }
        a0.max(floor).intoArray(ya, ta);
        a1.max(floor).intoArray(ya, ta + LANES);
        a2.max(floor).intoArray(ya, ta + 2 * LANES);
        a3.max(floor).intoArray(ya, ta + 3 * LANES);
        b0.max(floor).intoArray(yb, tb);
        b1.max(floor).intoArray(yb, tb + LANES);
        b2.max(floor).intoArray(yb, tb + 2 * LANES);
        b3.max(floor).intoArray(yb, tb + 3 * LANES);
        c0.max(floor).intoArray(yc, tc);
        c1.max(floor).intoArray(yc, tc + LANES);
        c2.max(floor).intoArray(yc, tc + 2 * LANES);
        c3.max(floor).intoArray(yc, tc + 3 * LANES);
        d0.max(floor).intoArray(yd, td);
        d1.max(floor).intoArray(yd, td + LANES);
        d2.max(floor).intoArray(yd, td + 2 * LANES);
        d3.max(floor).intoArray(yd, td + 3 * LANES);
    }

    /** Four rows of a panel of two vectors, even and odd inputs apart as {@link #two} has them. */
    private static void fourRowsPairs(
            float[] xa,
            int fa,
            float[] xb,
            int fb,
            float[] xc,
            int fc,
            float[] xd,
            int fd,
            int inputs,
            float[] weights,
            int w,
            float[] start,
            int startAt,
            float floor,
            float[] ya,
            int ta,
            float[] yb,
            int tb,
            float[] yc,
            int tc,
            float[] yd,
            int td) {
        FloatVector a0 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector a1 = FloatVector.fromArray(SPECIES, start, startAt + LANES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector b1 = FloatVector.fromArray(SPECIES, start, startAt + LANES);
        FloatVector b2 = FloatVector.zero(SPECIES);
        FloatVector b3 = FloatVector.zero(SPECIES);
        FloatVector c0 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector c1 = FloatVector.fromArray(SPECIES, start, startAt + LANES);
        FloatVector c2 = FloatVector.zero(SPECIES);
        FloatVector c3 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector d1 = FloatVector.fromArray(SPECIES, start, startAt + LANES);
        FloatVector d2 = FloatVector.zero(SPECIES);
        FloatVector d3 = FloatVector.zero(SPECIES);
        int i = 0;
        int k = w;
        for (; i + 1 < inputs; i += 2, k += 4 * LANES) {
            FloatVector w0 = FloatVector.fromArray(SPECIES, weights, k);
            FloatVector w1 = FloatVector.fromArray(SPECIES, weights, k + LANES);
            FloatVector w2 = FloatVector.fromArray(SPECIES, weights, k + 2 * LANES);
            FloatVector w3 = FloatVector.fromArray(SPECIES, weights, k + 3 * LANES);
            FloatVector evenA = FloatVector.broadcast(SPECIES, xa[fa + i]);
            FloatVector oddA = FloatVector.broadcast(SPECIES, xa[fa + i + 1]);
            a0 = evenA.fma(w0, a0);
            a1 = evenA.fma(w1, a1);
            a2 = oddA.fma(w2, a2);
            a3 = oddA.fma(w3, a3);
            FloatVector evenB = FloatVector.broadcast(SPECIES, xb[fb + i]);
            FloatVector oddB = FloatVector.broadcast(SPECIES, xb[fb + i + 1]);
            b0 = evenB.fma(w0, b0);
            b1 = evenB.fma(w1, b1);
            b2 = oddB.fma(w2, b2);
            b3 = oddB.fma(w3, b3);
            FloatVector evenC = FloatVector.broadcast(SPECIES, xc[fc + i]);
            FloatVector oddC = FloatVector.broadcast(SPECIES, xc[fc + i + 1]);
            c0 = evenC.fma(w0, c0);
            c1 = evenC.fma(w1, c1);
            c2 = oddC.fma(w2, c2);
            c3 = oddC.fma(w3, c3);
            FloatVector evenD = FloatVector.broadcast(SPECIES, xd[fd + i]);
            FloatVector oddD = FloatVector.broadcast(SPECIES, xd[fd + i + 1]);
            d0 = evenD.fma(w0, d0);
            d1 = evenD.fma(w1, d1);
            d2 = oddD.fma(w2, d2);
            d3 = oddD.fma(w3, d3);
        }
        a0 = a0.add(a2);
        a1 = a1.add(a3);
        b0 = b0.add(b2);
        b1 = b1.add(b3);
        c0 = c0.add(c2);
        c1 = c1.add(c3);
        d0 = d0.add(d2);
        d1 = d1.add(d3);
        if (i < inputs) {
            FloatVector w0 = FloatVector.fromArray(SPECIES, weights, k);
            FloatVector w1 = FloatVector.fromArray(SPECIES, weights, k + LANES);
            FloatVector a = FloatVector.broadcast(SPECIES, xa[fa + i]);
            a0 = a.fma(w0, a0);
            a1 = a.fma(w1, a1);
            FloatVector b = FloatVector.broadcast(SPECIES, xb[fb + i]);
            b0 = b.fma(w0, b0);
            b1 = b.fma(w1, b1);
            FloatVector c = FloatVector.broadcast(SPECIES, xc[fc + i]);
            c0 = c.fma(w0, c0);
            c1 = c.fma(w1, c1);
            FloatVector d = FloatVector.broadcast(SPECIES, xd[fd + i]);
            d0 = d.fma(w0, d0);
            d1 = d.fma(w1, d1);
        }
        a0.max(floor).intoArray(ya, ta);
        a1.max(floor).intoArray(ya, ta + LANES);
        b0.max(floor).intoArray(yb, tb);
        b1.max(floor).intoArray(yb, tb + LANES);
        c0.max(floor).intoArray(yc, tc);
        c1.max(floor).intoArray(yc, tc + LANES);
        d0.max(floor).intoArray(yd, td);
        d1.max(floor).intoArray(yd, td + LANES);
    }

    private static void fourRowsTwo(
            float[] xa,
            int fa,
            float[] xb,
            int fb,
            float[] xc,
            int fc,
            float[] xd,
            int fd,
            int inputs,
            float[] weights,
            int w,
            float[] start,
            int startAt,
            float floor,
            float[] ya,
            int ta,
            float[] yb,
            int tb,
            float[] yc,
            int tc,
            float[] yd,
            int td) {
        FloatVector a0 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector a1 = FloatVector.fromArray(SPECIES, start, startAt + LANES);
        FloatVector b0 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector b1 = FloatVector.fromArray(SPECIES, start, startAt + LANES);
        FloatVector c0 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector c1 = FloatVector.fromArray(SPECIES, start, startAt + LANES);
        FloatVector d0 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector d1 = FloatVector.fromArray(SPECIES, start, startAt + LANES);
        for (int i = 0, k = w; i < inputs; i++, k += 4 * LANES) {
            FloatVector w0 = FloatVector.fromArray(SPECIES, weights, k);
            FloatVector w1 = FloatVector.fromArray(SPECIES, weights, k + LANES);
            FloatVector a = FloatVector.broadcast(SPECIES, xa[fa + i]);
            a0 = a.fma(w0, a0);
            a1 = a.fma(w1, a1);
            FloatVector b = FloatVector.broadcast(SPECIES, xb[fb + i]);
            b0 = b.fma(w0, b0);
            b1 = b.fma(w1, b1);
            FloatVector c = FloatVector.broadcast(SPECIES, xc[fc + i]);
            c0 = c.fma(w0, c0);
            c1 = c.fma(w1, c1);
            FloatVector d = FloatVector.broadcast(SPECIES, xd[fd + i]);
            d0 = d.fma(w0, d0);
            d1 = d.fma(w1, d1);
        }
        a0.max(floor).intoArray(ya, ta);
        a1.max(floor).intoArray(ya, ta + LANES);
        b0.max(floor).intoArray(yb, tb);
        b1.max(floor).intoArray(yb, tb + LANES);
        c0.max(floor).intoArray(yc, tc);
        c1.max(floor).intoArray(yc, tc + LANES);
        d0.max(floor).intoArray(yd, td);
        d1.max(floor).intoArray(yd, td + LANES);
    }

    private static void two(
            float[] x,
            int from,
            int inputs,
            float[] weights,
            int w,
            float[] start,
            int startAt,
            float[] y,
            int to,
            float floor) {
        FloatVector a = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector b = FloatVector.fromArray(SPECIES, start, startAt + LANES);
        FloatVector c = FloatVector.zero(SPECIES);
        FloatVector d = FloatVector.zero(SPECIES);
        int i = 0;
        int k = w;
        for (; i + 1 < inputs; i += 2, k += 4 * LANES) {
            FloatVector even = FloatVector.broadcast(SPECIES, x[from + i]);
            FloatVector odd = FloatVector.broadcast(SPECIES, x[from + i + 1]);
            a = even.fma(FloatVector.fromArray(SPECIES, weights, k), a);
            b = even.fma(FloatVector.fromArray(SPECIES, weights, k + LANES), b);
            c = odd.fma(FloatVector.fromArray(SPECIES, weights, k + 2 * LANES), c);
            d = odd.fma(FloatVector.fromArray(SPECIES, weights, k + 3 * LANES), d);
        }
        FloatVector first = a.add(c);
        FloatVector second = b.add(d);
        for (; i < inputs; i++) {
            FloatVector value = FloatVector.broadcast(SPECIES, x[from + i]);
            first = value.fma(FloatVector.fromArray(SPECIES, weights, k), first);
            second = value.fma(FloatVector.fromArray(SPECIES, weights, k + LANES), second);
        }
        first.max(floor).intoArray(y, to);
        second.max(floor).intoArray(y, to + LANES);
    }

    private static void twoRowsTwo(
            float[] xa,
            int fa,
            float[] xb,
            int fb,
            int inputs,
            float[] weights,
            int w,
            float[] start,
            int startAt,
            float floor,
            float[] ya,
            int ta,
            float[] yb,
            int tb) {
        FloatVector a0 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector a1 = FloatVector.fromArray(SPECIES, start, startAt + LANES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector b1 = FloatVector.fromArray(SPECIES, start, startAt + LANES);
        FloatVector b2 = FloatVector.zero(SPECIES);
        FloatVector b3 = FloatVector.zero(SPECIES);
        int i = 0;
        int k = w;
        for (; i + 1 < inputs; i += 2, k += 4 * LANES) {
            FloatVector w0 = FloatVector.fromArray(SPECIES, weights, k);
            FloatVector w1 = FloatVector.fromArray(SPECIES, weights, k + LANES);
            FloatVector w2 = FloatVector.fromArray(SPECIES, weights, k + 2 * LANES);
            FloatVector w3 = FloatVector.fromArray(SPECIES, weights, k + 3 * LANES);
            FloatVector even = FloatVector.broadcast(SPECIES, xa[fa + i]);
            FloatVector odd = FloatVector.broadcast(SPECIES, xa[fa + i + 1]);
            a0 = even.fma(w0, a0);
            a1 = even.fma(w1, a1);
            a2 = odd.fma(w2, a2);
            a3 = odd.fma(w3, a3);
            even = FloatVector.broadcast(SPECIES, xb[fb + i]);
            odd = FloatVector.broadcast(SPECIES, xb[fb + i + 1]);
            b0 = even.fma(w0, b0);
            b1 = even.fma(w1, b1);
            b2 = odd.fma(w2, b2);
            b3 = odd.fma(w3, b3);
        }
        FloatVector firstA = a0.add(a2);
        FloatVector secondA = a1.add(a3);
        FloatVector firstB = b0.add(b2);
        FloatVector secondB = b1.add(b3);
        for (; i < inputs; i++) {
            FloatVector w0 = FloatVector.fromArray(SPECIES, weights, k);
            FloatVector w1 = FloatVector.fromArray(SPECIES, weights, k + LANES);
            FloatVector a = FloatVector.broadcast(SPECIES, xa[fa + i]);
            firstA = a.fma(w0, firstA);
            secondA = a.fma(w1, secondA);
            FloatVector b = FloatVector.broadcast(SPECIES, xb[fb + i]);
            firstB = b.fma(w0, firstB);
            secondB = b.fma(w1, secondB);
        }
        firstA.max(floor).intoArray(ya, ta);
        secondA.max(floor).intoArray(ya, ta + LANES);
        firstB.max(floor).intoArray(yb, tb);
        secondB.max(floor).intoArray(yb, tb + LANES);
    }

    private static void one(
            float[] x,
            int from,
            int inputs,
            float[] weights,
            int w,
            float[] start,
            int startAt,
            float[] y,
            int to,
            float floor) {
        FloatVector a = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector b = FloatVector.zero(SPECIES);
        FloatVector c = FloatVector.zero(SPECIES);
        FloatVector d = FloatVector.zero(SPECIES);
        int i = 0;
        int k = w;
        for (; i + 3 < inputs; i += 4, k += 4 * LANES) {
            a = FloatVector.broadcast(SPECIES, x[from + i]).fma(FloatVector.fromArray(SPECIES, weights, k), a);
            b = FloatVector.broadcast(SPECIES, x[from + i + 1])
                    .fma(FloatVector.fromArray(SPECIES, weights, k + LANES), b);
            c = FloatVector.broadcast(SPECIES, x[from + i + 2])
                    .fma(FloatVector.fromArray(SPECIES, weights, k + 2 * LANES), c);
            d = FloatVector.broadcast(SPECIES, x[from + i + 3])
                    .fma(FloatVector.fromArray(SPECIES, weights, k + 3 * LANES), d);
        }
        FloatVector sum = a.add(b).add(c.add(d));
        for (; i < inputs; i++, k += LANES) {
            sum = FloatVector.broadcast(SPECIES, x[from + i]).fma(FloatVector.fromArray(SPECIES, weights, k), sum);
        }
        sum.max(floor).intoArray(y, to);
    }

    private static void twoRowsOne(
            float[] xa,
            int fa,
            float[] xb,
            int fb,
            int inputs,
            float[] weights,
            int w,
            float[] start,
            int startAt,
            float floor,
            float[] ya,
            int ta,
            float[] yb,
            int tb) {
        FloatVector a0 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector b2 = FloatVector.zero(SPECIES);
        FloatVector b3 = FloatVector.zero(SPECIES);
        int i = 0;
        int k = w;
        for (; i + 3 < inputs; i += 4, k += 4 * LANES) {
            FloatVector w0 = FloatVector.fromArray(SPECIES, weights, k);
            FloatVector w1 = FloatVector.fromArray(SPECIES, weights, k + LANES);
            FloatVector w2 = FloatVector.fromArray(SPECIES, weights, k + 2 * LANES);
            FloatVector w3 = FloatVector.fromArray(SPECIES, weights, k + 3 * LANES);
            a0 = FloatVector.broadcast(SPECIES, xa[fa + i]).fma(w0, a0);
            a1 = FloatVector.broadcast(SPECIES, xa[fa + i + 1]).fma(w1, a1);
            a2 = FloatVector.broadcast(SPECIES, xa[fa + i + 2]).fma(w2, a2);
            a3 = FloatVector.broadcast(SPECIES, xa[fa + i + 3]).fma(w3, a3);
            b0 = FloatVector.broadcast(SPECIES, xb[fb + i]).fma(w0, b0);
            b1 = FloatVector.broadcast(SPECIES, xb[fb + i + 1]).fma(w1, b1);
            b2 = FloatVector.broadcast(SPECIES, xb[fb + i + 2]).fma(w2, b2);
            b3 = FloatVector.broadcast(SPECIES, xb[fb + i + 3]).fma(w3, b3);
        }
        FloatVector sumA = a0.add(a1).add(a2.add(a3));
        FloatVector sumB = b0.add(b1).add(b2.add(b3));
        for (; i < inputs; i++, k += LANES) {
            FloatVector w0 = FloatVector.fromArray(SPECIES, weights, k);
            sumA = FloatVector.broadcast(SPECIES, xa[fa + i]).fma(w0, sumA);
            sumB = FloatVector.broadcast(SPECIES, xb[fb + i]).fma(w0, sumB);
        }
        sumA.max(floor).intoArray(ya, ta);
        sumB.max(floor).intoArray(yb, tb);
    }
}
