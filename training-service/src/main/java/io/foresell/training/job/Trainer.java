package io.foresell.training.job;

import io.foresell.training.run.CandidateOutcome;
import io.foresell.training.run.ProgressListener;
import io.foresell.training.run.RunSettings;
import io.foresell.training.run.TrainingSpec;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Does the work of a job on the calling thread. */
@FunctionalInterface
public interface Trainer {
    /**
     * Trains to the end.
     *
     * @param isStopped asked at least once a second
     * @return one outcome per candidate in spec order; none when a drift check found nothing to do
     * @throws io.foresell.kit.ServiceException saying what is wrong with spec or rows
     * @throws java.util.concurrent.CancellationException when stopped
     */
    List<CandidateOutcome> train(
            TrainingSpec spec, RunSettings settings, ProgressListener listener, BooleanSupplier isStopped);
}
