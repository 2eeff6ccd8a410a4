package io.foresell.training.fit;

/** Arithmetic of vectors of equal length. */
public final class Vectors {
    private Vectors() {}

    /** Returns the sum of products. */
    public static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Adds a multiple of a vector to a target. */
    public static void add(double factor, double[] vector, double[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * vector[i];
        }
    }

    /** Returns the quotients. */
    public static double[] divided(double[] a, double[] b) {
        double[] quotient = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            quotient[i] = a[i] / b[i];
        }
        return quotient;
    }
}
