package io.foresell.training.fit.cluster;

import io.foresell.training.fit.FitRequest;
import java.util.Arrays;

/**
 * Moves centres to the means of their rows until no row changes its centre. Distances that bounds make needless are not computed,
 * which changes no result (Hamerly 2010, "Making k-means even faster"). One use, one thread.
 */
final class CentrePasses {
    private static final int ROWS_PER_LOOK = 8192;

    private final EncodedRows rows;
    private final FitRequest request;
    private final double[][] centres;
    private final int[] clusters;
    /** At least the distance to the own centre. */
    private final double[] upper;
    /** At most the distance to the nearest other centre. */
    private final double[] lower;

    CentrePasses(EncodedRows rows, double[][] seeds, FitRequest request) {
        this.rows = rows;
        this.request = request;
        this.centres = new double[seeds.length][];
        Arrays.setAll(centres, i -> seeds[i].clone());
        this.clusters = new int[rows.rowCount()];
        this.upper = new double[rows.rowCount()];
        this.lower = new double[rows.rowCount()];
    }

    Partition run(int maxPasses) {
        assignAll();
        boolean isChanged = true;
        for (int pass = 0; pass < maxPasses && isChanged; pass++) {
            double[][] means = means();
            if (means.length == 0) {
                assignAll();
                continue;
            }
            double[] moves = new double[centres.length];
            for (int i = 0; i < moves.length; i++) {
                moves[i] = Math.sqrt(squaredDistance(centres[i], means[i]));
                centres[i] = means[i];
            }
            isChanged = assign(moves);
        }
        assignAll();
        double inertia = 0;
        for (double distance : upper) {
            inertia += distance * distance;
        }
        return new Partition(centres, clusters, inertia);
    }

    private static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }

    /** Returns the means of the rows by cluster; none after an empty cluster has been given a row of its own. */
    private double[][] means() {
        double[][] sums = new double[centres.length][rows.width()];
        int[] counts = new int[centres.length];
        for (int row = 0; row < clusters.length; row++) {
            double[] sum = sums[clusters[row]];
            counts[clusters[row]]++;
            for (int i = 0; i < sum.length; i++) {
                sum[i] += rows.values()[row * sum.length + i];
            }
        }
        for (int cluster = 0; cluster < counts.length; cluster++) {
            if (counts[cluster] == 0) {
                centres[cluster] = rows.row(farthest());
                return new double[0][];
            }
            for (int i = 0; i < rows.width(); i++) {
                sums[cluster][i] /= counts[cluster];
            }
        }
        return sums;
    }

    private int farthest() {
        int farthest = 0;
        double greatest = -1;
        for (int row = 0; row < clusters.length; row++) {
            double distance = rows.squaredDistance(row, centres[clusters[row]]);
            if (distance > greatest) {
                greatest = distance;
                farthest = row;
            }
        }
        return farthest;
    }

    private void assignAll() {
        for (int row = 0; row < clusters.length; row++) {
            look(row);
            assign(row);
        }
    }

    /** Finds the nearest two centres of a row; returns whether the nearest is another one than before. */
    private boolean assign(int row) {
        int old = clusters[row];
        double first = Double.POSITIVE_INFINITY;
        double second = Double.POSITIVE_INFINITY;
        for (int i = 0; i < centres.length; i++) {
            double distance = rows.squaredDistance(row, centres[i]);
            if (distance < first) {
                second = first;
                first = distance;
                clusters[row] = i;
            } else if (distance < second) {
                second = distance;
            }
        }
        upper[row] = Math.sqrt(first);
        lower[row] = Math.sqrt(second);
        return clusters[row] != old;
    }

    private boolean assign(double[] moves) {
        int farthest = 0;
        for (int i = 1; i < moves.length; i++) {
            farthest = moves[i] > moves[farthest] ? i : farthest;
        }
        double secondMove = 0;
        for (int i = 0; i < moves.length; i++) {
            secondMove = i == farthest ? secondMove : Math.max(secondMove, moves[i]);
        }
        double[] gaps = halfGaps();
        boolean isChanged = false;
        for (int row = 0; row < clusters.length; row++) {
            look(row);
            int own = clusters[row];
            upper[row] += moves[own];
            lower[row] -= own == farthest ? secondMove : moves[farthest];
            double safe = Math.max(gaps[own], lower[row]);
            if (upper[row] > safe) {
                upper[row] = Math.sqrt(rows.squaredDistance(row, centres[own]));
                isChanged |= upper[row] > safe && assign(row);
            }
        }
        return isChanged;
    }

    /** Returns half the distance of each centre to its nearest other one. */
    private double[] halfGaps() {
        double[] gaps = new double[centres.length];
        Arrays.fill(gaps, Double.POSITIVE_INFINITY);
        for (int i = 0; i < gaps.length; i++) {
            for (int j = 0; j < i; j++) {
                double half = Math.sqrt(squaredDistance(centres[i], centres[j])) / 2;
                gaps[i] = Math.min(gaps[i], half);
                gaps[j] = Math.min(gaps[j], half);
            }
        }
        return gaps;
    }

    private void look(int row) {
        if (row % ROWS_PER_LOOK == 0) {
            request.requireWanted();
        }
    }
}
