package io.foresell.model.tree;

/**
 * Points and weights that integrate polynomials of a degree below {@code 2 * count} over 0..1 exactly. The points are the
 * zeros of the Legendre polynomial, found by Newton's method from Chebyshev's approximation; Abramowitz and Stegun,
 * "Handbook of Mathematical Functions", 25.4.29.
 */
final class GaussLegendre {
    final double[] points;
    final double[] weights;

    GaussLegendre(int count) {
        this.points = new double[count];
        this.weights = new double[count];
        for (int i = 0; i < count; i++) {
            double x = Math.cos(Math.PI * (i + 0.75) / (count + 0.5));
            double slope = 0;
            for (int iteration = 0; iteration < 20; iteration++) {
                double value = x;
                double before = 1;
                for (int degree = 2; degree <= count; degree++) {
                    double next = ((2 * degree - 1) * x * value - (degree - 1) * before) / degree;
                    before = value;
                    value = next;
                }
                slope = count * (x * value - before) / (x * x - 1);
                x -= value / slope;
            }
            points[i] = (1 + x) / 2;
            weights[i] = 1 / ((1 - x * x) * slope * slope);
        }
    }
}
