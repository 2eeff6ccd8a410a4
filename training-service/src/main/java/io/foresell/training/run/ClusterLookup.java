package io.foresell.training.run;

import io.foresell.model.Rows;
import io.foresell.training.fit.RowChunks;
import io.foresell.training.fit.cluster.ClusterLabels;
import java.util.List;

/** Puts rows in the clusters of one model as serving will: the highest answer wins. */
final class ClusterLookup {
    private static final int CHUNK_ROWS = 4096;

    private final FittedParts parts;
    private final int noise;

    ClusterLookup(FittedParts parts) {
        this.parts = parts;
        this.noise = parts.answer().labels().indexOf(ClusterLabels.NOISE);
    }

    /** Returns the number of clusters, noise not counted; it comes after all of them. */
    int count() {
        return noise < 0 ? parts.answer().width() : noise;
    }

    /** Returns the label at a place, {@link #count()} being noise. */
    String label(int cluster) {
        return parts.answer().labels().get(cluster);
    }

    boolean hasNoise() {
        return noise >= 0;
    }

    /** Returns the names of the clusters. */
    List<String> labels() {
        return parts.answer().labels().subList(0, count());
    }

    /** Returns the cluster of each row; -1 for noise. */
    int[] clusters(Rows rows) {
        int width = parts.answer().width();
        int[] clusters = new int[rows.rowCount()];
        for (int from = 0; from < clusters.length; from += CHUNK_ROWS) {
            int until = Math.min(clusters.length, from + CHUNK_ROWS);
            float[] answers = new float[(until - from) * width];
            parts.scorer().score(RowChunks.slice(rows, from, until), answers);
            for (int row = from; row < until; row++) {
                int best = 0;
                int at = (row - from) * width;
                for (int i = 1; i < width; i++) {
                    best = answers[at + i] > answers[at + best] ? i : best;
                }
                clusters[row] = best == noise ? -1 : best;
            }
        }
        return clusters;
    }
}
