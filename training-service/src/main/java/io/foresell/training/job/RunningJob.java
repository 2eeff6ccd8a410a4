package io.foresell.training.job;

import com.google.protobuf.ByteString;
import io.foresell.training.run.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** A job in work: what it has reached, and whether it must stop. Written by its worker, its runner and the keeper, read by anyone. */
final class RunningJob implements JobRun {
    /** Why a job must stop, from weakest to strongest. */
    enum Stop {
        /** Go on. */
        NONE,
        /** Its time is over. */
        OUT_OF_TIME,
        /** The process ends: the job goes back to the queue. */
        SHUTDOWN,
        /** Someone cancelled it. */
        CANCELLED,
        /** Another process owns it now: whatever comes out is dropped. */
        LOST
    }

    private final JobStore.Claim claim;
    private final JobEncoding encoding;
    private final JobNeeds needs;
    private final JobFolder folder;
    private final List<ByteString> results = new ArrayList<>(); // guarded by this
    private volatile Job job;
    private volatile Optional<Champion> champion = Optional.empty();
    private volatile Stop stop = Stop.NONE;
    private volatile double maxSeconds; // 0 means no bound
    private volatile long startNanos;

    RunningJob(JobStore.Claim claim, JobEncoding encoding, JobNeeds needs, JobFolder folder) {
        this.claim = claim;
        this.encoding = encoding;
        this.needs = needs;
        this.folder = folder;
        this.job = claim.job();
    }

    JobStore.Claim claim() {
        return claim;
    }

    Job job() {
        return job;
    }

    @Override
    public String id() {
        return claim.job().id();
    }

    @Override
    public ByteString spec() {
        return claim.job().spec();
    }

    @Override
    public JobNeeds needs() {
        return needs;
    }

    @Override
    public JobFolder folder() {
        return folder;
    }

    @Override
    public Optional<Champion> champion() {
        return champion;
    }

    void champion(Optional<Champion> found) {
        champion = found;
    }

    @Override
    public synchronized void report(Progress progress) {
        job = job.with(progress, job.results());
    }

    @Override
    public synchronized void judged(ByteString result) {
        results.add(result);
        showResults(results);
    }

    synchronized void showResults(List<ByteString> shown) {
        job = job.with(job.progress(), encoding.writeResults(shown));
    }

    synchronized void remark(String remark) {
        job = job.with(remark);
    }

    synchronized void stop(Stop reason) {
        if (reason.compareTo(stop) > 0) {
            stop = reason;
        }
    }

    Stop stopReason() {
        return stop;
    }

    /** Bounds the training from now on; 0 lifts the bound, as once there is something to publish. */
    void limit(double seconds) {
        startNanos = System.nanoTime();
        maxSeconds = seconds;
    }

    @Override
    public boolean isStopped() {
        double most = maxSeconds;
        if (most > 0 && (System.nanoTime() - startNanos) / 1e9 > most) {
            stop(Stop.OUT_OF_TIME);
        }
        return stop != Stop.NONE;
    }

    void requireNotStopped() {
        if (isStopped()) {
            throw new CancellationException("stopped: " + stop);
        }
    }
}
