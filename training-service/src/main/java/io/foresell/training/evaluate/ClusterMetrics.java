package io.foresell.training.evaluate;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** The metrics of a clustering; those of distances only where answers are minus the distances to centres. */
final class ClusterMetrics implements TaskMetrics {
    private final int rowCount;
    private final double[] memberships;
    private final int clusters;

    ClusterMetrics(int rowCount, double[] memberships) {
        this.rowCount = rowCount;
        this.memberships = memberships;
        this.clusters = memberships.length / rowCount;
    }

    @Override
    public Map<Metric, Double> all() {
        boolean areDistances = Arrays.stream(memberships).allMatch(value -> value <= 0);
        double squares = 0;
        double silhouette = 0;
        double[] sizes = new double[clusters];
        for (int row = 0; row < rowCount; row++) {
            int nearest = 0;
            double second = Double.NEGATIVE_INFINITY;
            double first = Double.NEGATIVE_INFINITY;
            for (int cluster = 0; cluster < clusters; cluster++) {
                double value = memberships[row * clusters + cluster];
                if (value > first) {
                    second = first;
                    first = value;
                    nearest = cluster;
                } else {
                    second = Math.max(second, value);
                }
            }
            sizes[nearest]++;
            squares += first * first;
            silhouette += second == 0 ? 0 : 1 - first / second;
        }
        Map<Metric, Double> all = new TreeMap<>();
        all.put(Metric.MEAN_SQUARED_DISTANCE, areDistances ? squares / rowCount : Double.NaN);
        all.put(Metric.SIMPLIFIED_SILHOUETTE, areDistances && clusters > 1 ? silhouette / rowCount : Double.NaN);
        all.put(Metric.LARGEST_CLUSTER, Arrays.stream(sizes).max().orElse(0) / rowCount);
        return all;
    }
}
