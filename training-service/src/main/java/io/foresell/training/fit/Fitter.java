package io.foresell.training.fit;

/** Fits one kind of model. Stateless and thread-safe; the same request gives the same model. */
public interface Fitter {
    /**
     * Fits on the rows of the request's fold and on nothing else.
     *
     * @return a model the caller closes
     * @throws io.foresell.kit.ServiceException when the rows do not suit the algorithm
     * @throws java.util.concurrent.CancellationException when cancelled
     */
    FittedModel fit(FitRequest request);
}
