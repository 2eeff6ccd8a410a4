package io.foresell.training.job;

import io.foresell.training.gate.Gates;
import io.foresell.training.run.DriftLimit;
import org.jspecify.annotations.Nullable;

/**
 * What a spec says about its job, beside what it trains.
 *
 * @param priority greater starts first, -100 to 100
 * @param threads threads that fit; 0 means the service's default
 * @param memoryMib memory of the process; 0 means the service's default
 * @param maxSeconds most time of one attempt; 0 means no bound
 * @param drift train only when rows drifted that far; null to train always
 */
public record JobOptions(
        Gates gates, int priority, int threads, int memoryMib, double maxSeconds, @Nullable DriftLimit drift) {
    /** Says nothing. */
    public static final JobOptions NONE = new JobOptions(Gates.NONE, 0, 0, 0, 0, null);
}
