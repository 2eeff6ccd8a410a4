package io.foresell.training.fit.cluster;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Rows that stand for their clusters, spread over them, and how far each cluster reaches around them: a row belongs to the cluster
 * whose nearest example is least far in units of that reach, unless it is beyond every reach. Approximates a clustering that has no
 * centres.
 */
final class ExampleRows {
    /** Most examples of all clusters together: the cost of a score. */
    private static final int MOST = 1024;

    private static final int MOST_PER_CLUSTER = 128;
    private static final double LEAST_REACH = 1e-3;
    private static final double GREATEST_WIDENING = 1.25;

    final double[][][] examples;
    final double[] reaches;
    private final int[][] rowsOfExamples;

    private ExampleRows(EncodedRows rows, int[][] rowsOfExamples, double[] reaches) {
        this.rowsOfExamples = rowsOfExamples;
        this.reaches = reaches;
        this.examples = Arrays.stream(rowsOfExamples)
                .map(chosen -> Arrays.stream(chosen).mapToObj(rows::row).toArray(double[][]::new))
                .toArray(double[][][]::new);
    }

    /**
     * Chooses examples and reaches.
     *
     * @param clusters by row, 0 to count - 1, -1 for none
     * @param core the core distances: examples start where a cluster is densest
     */
    static ExampleRows of(EncodedRows rows, int[] clusters, int count, double[] core) {
        int[][] examples = new int[count][];
        double[] reaches = new double[count];
        int each = Math.max(1, Math.min(MOST_PER_CLUSTER, MOST / count));
        for (int cluster = 0; cluster < count; cluster++) {
            int wanted = cluster;
            int[] members = IntStream.range(0, clusters.length)
                    .filter(row -> clusters[row] == wanted)
                    .toArray();
            examples[cluster] = spread(rows, members, Math.min(each, members.length), core);
            double ordinary = Arrays.stream(members)
                    .mapToDouble(row -> core[row])
                    .sorted()
                    .toArray()[members.length / 2];
            reaches[cluster] = Math.max(LEAST_REACH, ordinary);
        }
        ExampleRows rule = new ExampleRows(rows, examples, reaches);
        rule.fitReaches(rows, clusters);
        // The model holds floats.
        Arrays.setAll(reaches, cluster -> (float) reaches[cluster]);
        return rule;
    }

    /** The densest member first, then always the one farthest from all chosen. */
    private static int[] spread(EncodedRows rows, int[] members, int count, double[] core) {
        double[] nearest = new double[members.length];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        int next = 0;
        for (int i = 1; i < members.length; i++) {
            next = core[members[i]] < core[members[next]] ? i : next;
        }
        int[] chosen = new int[count];
        for (int example = 0; example < count; example++) {
            chosen[example] = members[next];
            int farthest = 0;
            for (int i = 0; i < members.length; i++) {
                nearest[i] = Math.min(nearest[i], rows.squaredDistance(members[i], chosen[example]));
                farthest = nearest[i] > nearest[farthest] ? i : farthest;
            }
            next = farthest;
        }
        return chosen;
    }

    /**
     * Sets each reach where the fewest training rows are on the wrong side of it. An example is judged by the other ones: new rows
     * are not among them.
     */
    private void fitReaches(EncodedRows rows, int[] clusters) {
        int[] nearest = new int[clusters.length];
        double[] ratios = new double[clusters.length];
        double[] all = new double[reaches.length];
        for (int row = 0; row < clusters.length; row++) {
            nearest[row] = writeAsNew(rows, row, all);
            ratios[row] = all[nearest[row]];
        }
        for (int cluster = 0; cluster < reaches.length; cluster++) {
            int wanted = cluster;
            int[] near = IntStream.range(0, clusters.length)
                    .filter(row -> nearest[row] == wanted)
                    .boxed()
                    .sorted(Comparator.comparingDouble(row -> ratios[row]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            reaches[cluster] *= factor(near, clusters, ratios, cluster);
        }
    }

    /** Returns the ratio up to which rows should belong: the most members below it, the fewest others. */
    private static double factor(int[] near, int[] clusters, double[] ratios, int cluster) {
        int balance = 0;
        int best = 0;
        int bestCount = 0;
        for (int i = 0; i < near.length; i++) {
            balance += clusters[near[i]] == cluster ? 1 : -1;
            if (balance > best) {
                best = balance;
                bestCount = i + 1;
            }
        }
        if (bestCount == 0) {
            return 1;
        }
        double last = ratios[near[bestCount - 1]];
        double next = bestCount < near.length ? ratios[near[bestCount]] : Double.POSITIVE_INFINITY;
        double widened = Math.min((last + next) / 2, Math.max(last, LEAST_REACH) * GREATEST_WIDENING);
        return Math.max(widened, LEAST_REACH);
    }

    /** Writes the distance to the nearest example of each cluster in units of its reach; returns the cluster with the least. */
    int write(float[] row, double[] ratios) {
        return write(new EncodedRows(row, 1, row.length), 0, -1, ratios);
    }

    /** Does the same for a training row as if it were a new one, no example itself. */
    int writeAsNew(EncodedRows rows, int row, double[] ratios) {
        return write(rows, row, row, ratios);
    }

    private int write(EncodedRows rows, int row, int leftOut, double[] ratios) {
        int least = 0;
        for (int cluster = 0; cluster < reaches.length; cluster++) {
            double square = Double.POSITIVE_INFINITY;
            for (int i = 0; i < examples[cluster].length; i++) {
                if (rowsOfExamples[cluster][i] != leftOut) {
                    square = Math.min(square, rows.squaredDistance(row, examples[cluster][i]));
                }
            }
            ratios[cluster] = Math.sqrt(square) / reaches[cluster];
            least = ratios[cluster] < ratios[least] ? cluster : least;
        }
        return least;
    }
}
