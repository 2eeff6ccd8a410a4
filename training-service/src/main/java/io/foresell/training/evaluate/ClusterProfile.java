package io.foresell.training.evaluate;

import java.util.List;

/**
 * What the rows of each cluster are like.
 *
 * @param labels of the clusters
 * @param sizes rows per cluster
 * @param traits what differs most first
 */
public record ClusterProfile(List<String> labels, List<Long> sizes, List<Trait> traits) {
    public ClusterProfile {
        labels = List.copyOf(labels);
        sizes = List.copyOf(sizes);
        traits = List.copyOf(traits);
    }

    /**
     * A number's means or a text's shares.
     *
     * @param input name of the input
     * @param text the text whose share is meant; empty for a number, of whose values the mean is meant
     * @param isShare whether {@code text} is meant
     * @param overall of all rows
     * @param deviation standard deviation over all rows
     * @param byCluster per cluster; NaN for a cluster without a value
     */
    public record Trait(
            String input, String text, boolean isShare, double overall, double deviation, List<Double> byCluster) {
        public Trait {
            byCluster = List.copyOf(byCluster);
        }

        /** Returns how many standard deviations a cluster lies above all rows; 0 when that says nothing. */
        public double shift(int cluster) {
            double difference = byCluster.get(cluster) - overall;
            return deviation > 0 && !Double.isNaN(difference) ? difference / deviation : 0;
        }

        double greatestShift() {
            double greatest = 0;
            for (int cluster = 0; cluster < byCluster.size(); cluster++) {
                greatest = Math.max(greatest, Math.abs(shift(cluster)));
            }
            return greatest;
        }
    }
}
