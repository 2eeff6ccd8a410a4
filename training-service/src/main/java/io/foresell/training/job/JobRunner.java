package io.foresell.training.job;

/** Trains for a job: in this process or in one of its own. Thread-safe. */
@FunctionalInterface
public interface JobRunner {
    /**
     * Trains to the end on the calling thread, or waits for who does.
     *
     * @throws io.foresell.kit.ServiceException saying what is wrong with spec or rows, or what became of the process
     * @throws java.util.concurrent.CancellationException when stopped
     */
    TrainedJob run(JobRun run);
}
