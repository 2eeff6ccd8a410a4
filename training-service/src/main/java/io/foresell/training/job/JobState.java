package io.foresell.training.job;

/** Says where a job stands. */
public enum JobState {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    /** Says whether the job stays as it is from now on. */
    public boolean hasEnded() {
        return this != QUEUED && this != RUNNING;
    }
}
