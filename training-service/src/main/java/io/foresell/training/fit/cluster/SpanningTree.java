package io.foresell.training.fit.cluster;

import io.foresell.training.fit.FitRequest;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The minimum spanning tree under the mutual reachability distance, the greatest of the distance of two rows and their core
 * distances (Campello, Moulavi and Sander 2013, definition 4).
 */
final class SpanningTree {
    private static final int ROWS_PER_LOOK = 64;

    /** Joins two rows. */
    record Edge(int from, int to, double distance) {}

    private SpanningTree() {}

    /** Returns its edges from the shortest to the longest (Prim's algorithm). */
    static Edge[] of(EncodedRows rows, double[] core, FitRequest request) {
        int count = rows.rowCount();
        double[] nearest = new double[count];
        int[] neighbour = new int[count];
        boolean[] isIn = new boolean[count];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        Edge[] edges = new Edge[count - 1];
        int current = 0;
        for (int i = 0; i < edges.length; i++) {
            if (i % ROWS_PER_LOOK == 0) {
                request.requireWanted();
                request.listener().progressed(edges.length + i, 2 * edges.length, Double.NaN);
            }
            isIn[current] = true;
            int next = -1;
            for (int row = 0; row < count; row++) {
                if (isIn[row]) {
                    continue;
                }
                double least = Math.max(core[current], core[row]);
                if (least < nearest[row]) {
                    double distance = Math.max(least, Math.sqrt(rows.squaredDistance(current, row)));
                    if (distance < nearest[row]) {
                        nearest[row] = distance;
                        neighbour[row] = current;
                    }
                }
                next = next < 0 || nearest[row] < nearest[next] ? row : next;
            }
            edges[i] = new Edge(neighbour[next], next, nearest[next]);
            current = next;
        }
        Arrays.sort(edges, Comparator.comparingDouble(Edge::distance));
        return edges;
    }
}
