package io.foresell.inference.route;

/**
 * A ready version and its share of the subjects.
 *
 * @param weight percent, 0 to 100; with 0 the version answers only requests that name it
 */
public record WeightedVersion(ServedVersion served, int weight) {
    public WeightedVersion {
        if (weight < 0 || weight > 100) {
            throw new IllegalArgumentException("weight: %d (expected: 0..100)".formatted(weight));
        }
    }
}
