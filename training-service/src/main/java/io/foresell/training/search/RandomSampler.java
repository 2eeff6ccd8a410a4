package io.foresell.training.search;

import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Proposes anywhere. */
final class RandomSampler implements Sampler {
    private final int dimensions;
    private final Random random;

    RandomSampler(int dimensions, long seed) {
        this.dimensions = dimensions;
        this.random = new Random(seed);
    }

    @Override
    public Optional<double[]> next(List<Trial> done) {
        return Optional.of(random.doubles(dimensions).toArray());
    }
}
