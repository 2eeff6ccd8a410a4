package io.foresell.training.fit.cluster;

/**
 * Rows divided among centres.
 *
 * @param centres shape [k][width]
 * @param clusters the index of the nearest centre by row
 * @param inertia sum of squared distances to the nearest centres
 */
@SuppressWarnings("ArrayRecordComponent")
record Partition(double[][] centres, int[] clusters, double inertia) {
    int k() {
        return centres.length;
    }
}
