package io.foresell.training.fit.linear;

import java.util.Arrays;

/**
 * The triangular factor R of a tall matrix, by Householder reflections over blocks of rows: {@code R'R = A'A} without the
 * digits that forming {@code A'A} loses. Memory is a few times width squared, however many rows.
 */
final class TriangularFactor {
    private final int width;
    private final double[][] rows;
    private final Runnable check;
    private int filled;

    /** Runs {@code check} often. */
    TriangularFactor(int width, Runnable check) {
        this.width = width;
        this.check = check;
        this.rows = new double[width + Math.max(256, 3 * width)][width];
    }

    /** Returns where the next row is to be written; all zeros. */
    double[] nextRow() {
        if (filled == rows.length) {
            reduce();
        }
        double[] row = rows[filled++];
        Arrays.fill(row, 0);
        return row;
    }

    /** Returns R, shape [width][width], zeros below the diagonal. */
    double[][] factor() {
        reduce();
        double[][] factor = new double[width][width];
        for (int i = 0; i < Math.min(width, filled); i++) {
            factor[i] = rows[i].clone();
        }
        return factor;
    }

    private void reduce() {
        double[] products = new double[width];
        for (int column = 0; column < Math.min(width, filled - 1); column++) {
            check.run();
            reflect(column, products);
        }
        filled = Math.min(filled, width);
    }

    /** Makes everything below the diagonal of a column zero. */
    private void reflect(int column, double[] products) {
        double squares = 0;
        for (int row = column + 1; row < filled; row++) {
            squares += rows[row][column] * rows[row][column];
        }
        if (squares == 0) {
            return;
        }
        double top = rows[column][column];
        double length = Math.copySign(Math.sqrt(squares + top * top), top);
        double head = top + length;
        // The reflection is I - v v' / (length * head) with v = (head, the column below).
        Arrays.fill(products, column, width, 0);
        rows[column][column] = head;
        for (int row = column; row < filled; row++) {
            double v = rows[row][column];
            if (v != 0) {
                for (int i = column + 1; i < width; i++) {
                    products[i] += v * rows[row][i];
                }
            }
        }
        double scale = 1 / (length * head);
        for (int row = column; row < filled; row++) {
            double v = rows[row][column] * scale;
            if (v != 0) {
                for (int i = column + 1; i < width; i++) {
                    rows[row][i] -= v * products[i];
                }
            }
            rows[row][column] = 0;
        }
        rows[column][column] = -length;
    }
}
