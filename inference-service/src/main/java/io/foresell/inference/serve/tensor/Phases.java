package io.foresell.inference.serve.tensor;

import io.foresell.inference.route.CallStatistics;

/** The time of one call, phase by phase. Written by one thread at a time. */
final class Phases {
    private final long arrivedNanos = System.nanoTime();
    private long lastNanos = arrivedNanos;
    private long queueNanos;
    private long inputNanos;
    private long inferNanos;
    private long outputNanos;

    /** Ends the wait for a thread. */
    void queued() {
        queueNanos += lap();
    }

    /** Ends the reading of inputs. */
    void read() {
        inputNanos += lap();
    }

    /** Ends a run of the model. */
    void inferred() {
        inferNanos += lap();
    }

    /** Ends the writing of outputs. */
    void written() {
        outputNanos += lap();
    }

    /** Returns the time spent in the model. */
    long inferNanos() {
        return inferNanos;
    }

    /** Returns the time since the call arrived. */
    long totalNanos() {
        return System.nanoTime() - arrivedNanos;
    }

    void countSuccess(CallStatistics statistics, int rowCount) {
        statistics.succeeded(rowCount, totalNanos(), queueNanos, inputNanos, inferNanos, outputNanos);
    }

    void countFailure(CallStatistics statistics) {
        statistics.failed(totalNanos());
    }

    private long lap() {
        long now = System.nanoTime();
        long nanos = now - lastNanos;
        lastNanos = now;
        return nanos;
    }
}
