package io.foresell.training.job;

import com.google.protobuf.ByteString;
import io.foresell.training.run.CandidateOutcome;
import io.foresell.training.run.Progress;
import io.foresell.training.run.ProgressListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** The job in work: what it has reached, and whether it must stop. Written by its worker and its keeper, read by anyone. */
final class RunningJob implements ProgressListener {
    /** Why a job must stop, from weakest to strongest. */
    enum Stop {
        /** Go on. */
        NONE,
        /** The process ends: the job goes back to the queue. */
        SHUTDOWN,
        /** Someone cancelled it. */
        CANCELLED,
        /** Another process owns it now: whatever comes out is dropped. */
        LOST
    }

    private final JobStore.Claim claim;
    private final JobEncoding encoding;
    private final List<CandidateResult> results = new ArrayList<>(); // touched only by the worker
    private volatile Job job;
    private volatile Stop stop = Stop.NONE;

    RunningJob(JobStore.Claim claim, JobEncoding encoding) {
        this.claim = claim;
        this.encoding = encoding;
        this.job = claim.job();
    }

    JobStore.Claim claim() {
        return claim;
    }

    Job job() {
        return job;
    }

    @Override
    public void report(Progress progress) {
        job = job.with(progress, job.results());
    }

    @Override
    public void judged(CandidateOutcome outcome) {
        results.add(CandidateResult.of(outcome, 0));
        showResults(results);
    }

    void showResults(List<CandidateResult> shown) {
        ByteString encoded = encoding.writeResults(shown);
        job = job.with(job.progress(), encoded);
    }

    synchronized void stop(Stop reason) {
        if (reason.compareTo(stop) > 0) {
            stop = reason;
        }
    }

    Stop stopReason() {
        return stop;
    }

    boolean isStopped() {
        return stop != Stop.NONE;
    }

    void requireNotStopped() {
        if (isStopped()) {
            throw new CancellationException("stopped: " + stop);
        }
    }
}
