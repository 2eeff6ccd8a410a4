package io.foresell.training.fit.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What clusters are called, and in which order they stand. */
public final class ClusterLabels {
    /** The label of rows that belong to no cluster. */
    public static final String NOISE = "noise";

    private ClusterLabels() {}

    /** Returns cluster_1, cluster_2, ... */
    static List<String> numbered(int count) {
        List<String> labels = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            labels.add("cluster_" + i);
        }
        return labels;
    }

    /**
     * Returns the clusters from the largest to the smallest, of equal ones the lower index first.
     *
     * @param clusters the cluster of each row; negative for none
     */
    static int[] largestFirst(int[] clusters, int count) {
        int[] sizes = new int[count];
        for (int cluster : clusters) {
            if (cluster >= 0) {
                sizes[cluster]++;
            }
        }
        return IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingInt((Integer cluster) -> -sizes[cluster]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
