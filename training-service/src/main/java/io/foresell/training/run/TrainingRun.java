package io.foresell.training.run;

import io.foresell.training.dataset.TrainingSetSource;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Reads the rows, fits and judges every candidate, and packs those that are to be published. Thread-safe. */
public final class TrainingRun {
    private final int threadCount;

    /** Uses at most this many threads for fitting. */
    public TrainingRun(int threadCount) {
        this.threadCount = threadCount;
    }

    /**
     * Runs to the end on the calling thread.
     *
     * @param isCancelled asked at least once a second
     * @return one outcome per candidate in spec order
     * @throws io.foresell.kit.ServiceException naming what is wrong with rows or spec
     * @throws java.util.concurrent.CancellationException when cancelled
     */
    public List<CandidateOutcome> run(
            TrainingSpec spec, TrainingSetSource source, ProgressListener listener, BooleanSupplier isCancelled) {
        if (spec.candidates().isEmpty()) {
            return List.of();
        }
        throw new UnsupportedOperationException("being built " + threadCount + spec + source + listener + isCancelled);
    }
}
