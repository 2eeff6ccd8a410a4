package io.foresell.training.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How compact clusters are and how far apart, measured on the rows themselves. Rows in no cluster have cluster -1. Takes time in
 * proportion to the square of the rows: give it a sample of a few thousand.
 */
public final class ClusterShape {
    private final float[] rows;
    private final int width;
    private final int[] clusters;
    private final int[] sizes;

    /**
     * Takes encoded rows; the arrays are not copied.
     *
     * @param rows row-major, shape [clusters.length, width]
     * @param clusters by row, -1 to clusterCount - 1
     */
    public ClusterShape(float[] rows, int width, int[] clusters, int clusterCount) {
        this.rows = rows;
        this.width = width;
        this.clusters = clusters;
        this.sizes = new int[clusterCount];
        for (int cluster : clusters) {
            if (cluster >= 0) {
                sizes[cluster]++;
            }
        }
    }

    /**
     * Returns the mean over all rows of (b - a) / max(a, b): a is the mean distance to the other rows of the own cluster, b the least
     * mean distance to the rows of another cluster (Rousseeuw 1987). A row that is alone in its cluster, or in none, counts 0. NaN
     * with fewer than two clusters.
     */
    public double silhouette() {
        if (Arrays.stream(sizes).filter(size -> size > 0).count() < 2) {
            return Double.NaN;
        }
        double sum = 0;
        double[] distances = new double[sizes.length];
        for (int row = 0; row < clusters.length; row++) {
            int own = clusters[row];
            if (own >= 0 && sizes[own] > 1) {
                addDistances(row, distances);
                double a = distances[own] / (sizes[own] - 1);
                double b = Double.POSITIVE_INFINITY;
                for (int cluster = 0; cluster < sizes.length; cluster++) {
                    if (cluster != own && sizes[cluster] > 0) {
                        b = Math.min(b, distances[cluster] / sizes[cluster]);
                    }
                }
                double greater = Math.max(a, b);
                sum += greater == 0 ? 0 : (b - a) / greater;
            }
        }
        return sum / clusters.length;
    }

    private void addDistances(int row, double[] distances) {
        Arrays.fill(distances, 0);
        for (int other = 0; other < clusters.length; other++) {
            if (clusters[other] >= 0) {
                double square = 0;
                for (int i = 0; i < width; i++) {
                    double difference = (double) rows[row * width + i] - rows[other * width + i];
                    square += difference * difference;
                }
                distances[clusters[other]] += Math.sqrt(square);
            }
        }
    }

    /**
     * Returns the mean over clusters of the worst (s_i + s_j) / d_ij: mean distances to the own centre over the distance of two
     * centres (Davies and Bouldin 1979); less is better. NaN with fewer than two clusters.
     */
    public double daviesBouldin() {
        int[] present = IntStream.range(0, sizes.length)
                .filter(cluster -> sizes[cluster] > 0)
                .toArray();
        if (present.length < 2) {
            return Double.NaN;
        }
        double[][] centres = centres();
        double[] spreads = new double[sizes.length];
        for (int row = 0; row < clusters.length; row++) {
            if (clusters[row] >= 0) {
                spreads[clusters[row]] +=
                        Math.sqrt(squaredDistance(row, centres[clusters[row]])) / sizes[clusters[row]];
            }
        }
        double sum = 0;
        for (int i : present) {
            double worst = 0;
            for (int j : present) {
                if (i != j) {
                    worst = Math.max(worst, (spreads[i] + spreads[j]) / distance(centres[i], centres[j]));
                }
            }
            sum += worst;
        }
        return sum / present.length;
    }

    /** Returns the mean of the rows of each cluster, shape [clusterCount][width]; NaN for one without rows. */
    public double[][] centres() {
        double[][] centres = new double[sizes.length][width];
        for (int row = 0; row < clusters.length; row++) {
            if (clusters[row] >= 0) {
                for (int i = 0; i < width; i++) {
                    centres[clusters[row]][i] += rows[row * width + i];
                }
            }
        }
        for (int cluster = 0; cluster < sizes.length; cluster++) {
            for (int i = 0; i < width; i++) {
                centres[cluster][i] /= sizes[cluster];
            }
        }
        return centres;
    }

    private double squaredDistance(int row, double[] centre) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            double difference = rows[row * width + i] - centre[i];
            sum += difference * difference;
        }
        return sum;
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    /**
     * Returns the mean squared distance to the own one of given centres, over rows in a cluster that has one; NaN without any.
     *
     * @param centres shape [clusterCount][width]; NaN for none
     */
    public double meanSquaredDistance(double[][] centres) {
        double sum = 0;
        int count = 0;
        for (int row = 0; row < clusters.length; row++) {
            if (clusters[row] >= 0 && !Double.isNaN(centres[clusters[row]][0])) {
                sum += squaredDistance(row, centres[clusters[row]]);
                count++;
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    /**
     * Returns the mean of 1 - a / b with the distances to the own and to the nearest other of given centres; rows in no cluster count
     * 0. NaN with fewer than two centres.
     */
    public double simplifiedSilhouette(double[][] centres) {
        if (Arrays.stream(centres).filter(centre -> !Double.isNaN(centre[0])).count() < 2) {
            return Double.NaN;
        }
        double sum = 0;
        for (int row = 0; row < clusters.length; row++) {
            int own = clusters[row];
            if (own >= 0 && !Double.isNaN(centres[own][0])) {
                double other = Double.POSITIVE_INFINITY;
                for (int cluster = 0; cluster < centres.length; cluster++) {
                    double square = squaredDistance(row, centres[cluster]);
                    other = cluster == own || Double.isNaN(square) ? other : Math.min(other, square);
                }
                double greater = Math.max(other, squaredDistance(row, centres[own]));
                double difference = Math.sqrt(other) - Math.sqrt(squaredDistance(row, centres[own]));
                sum += greater == 0 ? 0 : difference / Math.sqrt(greater);
            }
        }
        return sum / clusters.length;
    }

    /** Returns the share of all rows in the largest cluster. */
    public double largestShare() {
        return Arrays.stream(sizes).max().orElse(0) / (double) clusters.length;
    }

    /** Returns the share of rows in no cluster. */
    public double noiseShare() {
        return Arrays.stream(clusters).filter(cluster -> cluster < 0).count() / (double) clusters.length;
    }
}
