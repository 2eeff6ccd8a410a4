package io.foresell.training.registry;

/**
 * The part of one version in a release.
 *
 * @param weight share of the subjects outside of the hold-out group, 0 to 100; the weights of a release sum to 100
 * @param shadowPercent share of the subjects whose rows it scores on a copy, 1 to 100; 0 for a version that is no shadow
 */
public record Route(int version, int weight, int shadowPercent) {
    /** Makes a route that answers. */
    public Route(int version, int weight) {
        this(version, weight, 0);
    }

    public boolean isShadow() {
        return shadowPercent > 0;
    }
}
