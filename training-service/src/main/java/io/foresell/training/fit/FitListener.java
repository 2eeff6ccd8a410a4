package io.foresell.training.fit;

/** Hears how far a fit is; called by the fitting thread after every pass, tree or step. */
@FunctionalInterface
public interface FitListener {
    /** Hears nothing. */
    FitListener NONE = (iteration, iterationCount, loss) -> {};

    /**
     * Hears of one more iteration.
     *
     * @param iterationCount the most there will be; a fit may end earlier
     * @param loss mean log-loss on the training rows; NaN while unknown
     */
    void progressed(int iteration, int iterationCount, double loss);
}
