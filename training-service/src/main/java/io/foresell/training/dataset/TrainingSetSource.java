package io.foresell.training.dataset;

import java.util.function.BooleanSupplier;

/** Where training rows come from: the feature store, or a file in tests. */
@FunctionalInterface
public interface TrainingSetSource {
    /**
     * Reads all rows.
     *
     * @param listener hears how far it is
     * @param isCancelled asked between blocks
     * @throws io.foresell.kit.ServiceException when the store refuses or is away
     * @throws java.util.concurrent.CancellationException when cancelled
     */
    TrainingSet read(TrainingSetQuery query, ReadListener listener, BooleanSupplier isCancelled);

    /** Hears how many rows were read. */
    @FunctionalInterface
    interface ReadListener {
        /** Is called after every block, by the reading thread. */
        void read(long rowCount, long totalRowCount);
    }
}
