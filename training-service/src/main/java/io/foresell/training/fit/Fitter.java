package io.foresell.training.fit;

import io.foresell.training.dataset.TrainingFold;
import java.util.function.BooleanSupplier;

/** Fits one kind of model. Stateless and thread-safe; the same fold and seed give the same model. */
public interface Fitter {
    /**
     * Fits on the rows of a fold and on nothing else.
     *
     * @param seed seeds everything random
     * @param isCancelled asked at least once a second
     * @return a model the caller closes
     * @throws io.foresell.kit.ServiceException when the rows do not suit the algorithm
     * @throws java.util.concurrent.CancellationException when cancelled
     */
    FittedModel fit(TrainingFold fold, long seed, FitListener listener, BooleanSupplier isCancelled);
}
