package io.foresell.training.rollout.sequential;

/**
 * Where the difference of two means lies.
 *
 * @param low the lower bound
 * @param high the upper bound, at least {@code low}
 */
public record DifferenceBounds(double low, double high) {
    /** Returns the bounds of a difference of two means known by bounds of their own; needs no independence. */
    public static DifferenceBounds of(MeanBounds candidate, MeanBounds champion) {
        return new DifferenceBounds(candidate.low() - champion.high(), candidate.high() - champion.low());
    }
}
