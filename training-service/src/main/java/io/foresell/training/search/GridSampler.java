package io.foresell.training.search;

import java.util.List;
import java.util.Optional;

/** Proposes every combination once, the last dimension fastest; a range without steps is cut into a few. */
final class GridSampler implements Sampler {
    private static final int RANGE_STEPS = 4;

    private final int[] counts;
    private long next;

    GridSampler(List<Dimension> dimensions) {
        this.counts = dimensions.stream()
                .mapToInt(dimension -> dimension.valueCount() == 0 ? RANGE_STEPS : dimension.valueCount())
                .toArray();
    }

    /** Returns how many combinations there are. */
    long size() {
        long size = 1;
        for (int count : counts) {
            size = Math.multiplyExact(size, count);
        }
        return size;
    }

    @Override
    public Optional<double[]> next(List<Trial> done) {
        if (next >= size()) {
            return Optional.empty();
        }
        double[] coordinates = new double[counts.length];
        long rest = next++;
        for (int i = counts.length - 1; i >= 0; i--) {
            // The middle of each step.
            coordinates[i] = (rest % counts[i] + 0.5) / counts[i];
            rest /= counts[i];
        }
        return Optional.of(coordinates);
    }
}
