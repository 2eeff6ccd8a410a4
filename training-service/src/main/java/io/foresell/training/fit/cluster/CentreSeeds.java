package io.foresell.training.fit.cluster;

import io.foresell.training.fit.FitRequest;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * First centres for k-means: each next one is drawn with a probability in proportion to the squared distance to the nearest so
 * far, the best of a few draws (greedy k-means++; Arthur and Vassilvitskii 2007, section 4).
 */
final class CentreSeeds {
    private final EncodedRows rows;
    private final FitRequest request;
    private final SplittableRandom random;

    CentreSeeds(EncodedRows rows, FitRequest request, long seed) {
        this.rows = rows;
        this.request = request;
        this.random = new SplittableRandom(seed);
    }

    double[][] draw(int k) {
        int trials = 2 + (int) Math.log(k);
        double[][] centres = new double[k][];
        double[] nearest = new double[rows.rowCount()];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        centres[0] = rows.row(random.nextInt(rows.rowCount()));
        double total = closer(nearest, centres[0], nearest);
        for (int i = 1; i < k; i++) {
            double least = Double.POSITIVE_INFINITY;
            double[] best = nearest;
            for (int trial = 0; trial < trials; trial++) {
                request.requireWanted();
                double[] point = rows.row(drawn(nearest, total));
                double[] after = new double[nearest.length];
                double sum = closer(nearest, point, after);
                if (sum < least) {
                    least = sum;
                    best = after;
                    centres[i] = point;
                }
            }
            nearest = best;
            total = least;
        }
        return centres;
    }

    /** Writes the lesser of the old squared distance and that to a point; returns their sum. */
    private double closer(double[] old, double[] point, double[] to) {
        double sum = 0;
        for (int row = 0; row < to.length; row++) {
            to[row] = Math.min(old[row], rows.squaredDistance(row, point));
            sum += to[row];
        }
        return sum;
    }

    private int drawn(double[] weights, double total) {
        double wanted = random.nextDouble() * total;
        int last = 0;
        for (int row = 0; row < weights.length; row++) {
            if (weights[row] > 0) {
                last = row;
                wanted -= weights[row];
                if (wanted < 0) {
                    return row;
                }
            }
        }
        return last;
    }
}
