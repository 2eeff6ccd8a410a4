package io.foresell.training.fit.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The clusters of a {@link MergeTree} that persist over the widest range of density. Going down from the root, a part with fewer
 * rows than a cluster needs only leaves its cluster; where two such parts are large enough, two clusters are born. The selection
 * takes a cluster or all below it, whichever have the greater stability (Campello, Moulavi, Zimek and Sander 2015, sections 4
 * and 5). The root is no cluster.
 */
final class DensityClusters {
    /** Stands for the density of rows on the same place. */
    private static final double DENSEST = 1e12;

    private final MergeTree tree;
    private final int minClusterSize;
    private final List<Integer> parents = new ArrayList<>();
    private final List<Double> births = new ArrayList<>();
    private final List<Double> stabilities = new ArrayList<>();
    private final int[] clusterOfRow;

    private DensityClusters(MergeTree tree, int minClusterSize) {
        this.tree = tree;
        this.minClusterSize = minClusterSize;
        this.clusterOfRow = new int[tree.rowCount];
    }

    /** Returns the cluster of each row, from 0; -1 for a row in none. */
    static int[] of(MergeTree tree, int minClusterSize) {
        DensityClusters clusters = new DensityClusters(tree, minClusterSize);
        clusters.condense();
        return clusters.labels(clusters.selected());
    }

    private int born(int parent, double density) {
        parents.add(parent);
        births.add(density);
        stabilities.add(0.0);
        return parents.size() - 1;
    }

    /** A node of the tree and the cluster it belongs to. */
    private record Place(int node, int cluster) {}

    private void condense() {
        Deque<Place> open = new ArrayDeque<>();
        open.add(new Place(tree.root(), born(-1, 0)));
        while (!open.isEmpty()) {
            Place place = open.remove();
            int merge = place.node() - tree.rowCount;
            if (merge < 0) {
                leave(place.node(), place.cluster(), DENSEST);
                continue;
            }
            double density = tree.distances[merge] > 1 / DENSEST ? 1 / tree.distances[merge] : DENSEST;
            int left = tree.left[merge];
            int right = tree.right[merge];
            boolean isLeftLarge = tree.size(left) >= minClusterSize;
            boolean isRightLarge = tree.size(right) >= minClusterSize;
            if (isLeftLarge && isRightLarge) {
                addStability(place.cluster(), density, tree.size(left) + tree.size(right));
                open.add(new Place(left, born(place.cluster(), density)));
                open.add(new Place(right, born(place.cluster(), density)));
                continue;
            }
            go(left, isLeftLarge, place.cluster(), density, open);
            go(right, isRightLarge, place.cluster(), density, open);
        }
    }

    private void go(int node, boolean isLarge, int cluster, double density, Deque<Place> open) {
        if (isLarge) {
            open.add(new Place(node, cluster));
        } else {
            leave(node, cluster, density);
        }
    }

    private void addStability(int cluster, double density, int rows) {
        stabilities.set(cluster, stabilities.get(cluster) + (density - births.get(cluster)) * rows);
    }

    /** All rows below a node leave their cluster. */
    private void leave(int node, int cluster, double density) {
        addStability(cluster, density, tree.size(node));
        Deque<Integer> open = new ArrayDeque<>();
        open.add(node);
        while (!open.isEmpty()) {
            int next = open.removeLast();
            if (next < tree.rowCount) {
                clusterOfRow[next] = cluster;
            } else {
                open.add(tree.left[next - tree.rowCount]);
                open.add(tree.right[next - tree.rowCount]);
            }
        }
    }

    /** Children are born after their parents, so that going backwards all below is known. */
    private boolean[] selected() {
        int count = parents.size();
        double[] below = new double[count];
        boolean[] isSelected = new boolean[count];
        for (int cluster = count - 1; cluster > 0; cluster--) {
            isSelected[cluster] = stabilities.get(cluster) >= below[cluster];
            below[parents.get(cluster)] += Math.max(stabilities.get(cluster), below[cluster]);
        }
        boolean[] isInside = new boolean[count];
        for (int cluster = 1; cluster < count; cluster++) {
            int parent = parents.get(cluster);
            isInside[cluster] = isInside[parent] || isSelected[parent];
            isSelected[cluster] &= !isInside[cluster];
        }
        return isSelected;
    }

    private int[] labels(boolean[] isSelected) {
        int[] labels = new int[isSelected.length];
        Arrays.fill(labels, -1);
        int count = 0;
        for (int cluster = 1; cluster < labels.length; cluster++) {
            labels[cluster] = isSelected[cluster] ? count++ : labels[parents.get(cluster)];
        }
        int[] byRow = new int[clusterOfRow.length];
        Arrays.setAll(byRow, row -> labels[clusterOfRow[row]]);
        return byRow;
    }
}
