package io.foresell.training.fit.cluster;

/**
 * How rows merge as the distance grows: nodes 0 to rowCount - 1 are rows, the others merges in the order of distance, the last one
 * the root.
 */
final class MergeTree {
    final int rowCount;
    final int[] left;
    final int[] right;
    final double[] distances;
    final int[] sizes;

    MergeTree(SpanningTree.Edge[] edges) {
        rowCount = edges.length + 1;
        left = new int[edges.length];
        right = new int[edges.length];
        distances = new double[edges.length];
        sizes = new int[edges.length];
        int[] parents = new int[rowCount + edges.length];
        for (int i = 0; i < parents.length; i++) {
            parents[i] = i;
        }
        for (int i = 0; i < edges.length; i++) {
            left[i] = top(parents, edges[i].from());
            right[i] = top(parents, edges[i].to());
            distances[i] = edges[i].distance();
            sizes[i] = size(left[i]) + size(right[i]);
            parents[left[i]] = rowCount + i;
            parents[right[i]] = rowCount + i;
        }
    }

    private static int top(int[] parents, int node) {
        int top = node;
        while (parents[top] != top) {
            top = parents[top];
        }
        int at = node;
        while (parents[at] != top && at != top) {
            int next = parents[at];
            parents[at] = top;
            at = next;
        }
        return top;
    }

    int size(int node) {
        return node < rowCount ? 1 : sizes[node - rowCount];
    }

    int root() {
        return 2 * rowCount - 2;
    }
}
