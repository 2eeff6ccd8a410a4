package io.foresell.training.rollout.observe;

import io.foresell.training.rollout.sequential.Histogram;

/**
 * What one version answered under one release.
 *
 * @param callCount calls answered
 * @param errorCount calls assigned to it that failed, or that a lower rung of the release's ladder answered
 * @param rowCount rows answered
 * @param seconds times of answered calls, in seconds
 * @param scores scores of answered rows
 */
public record VersionCounts(long callCount, long errorCount, long rowCount, Histogram seconds, Histogram scores) {
    /** Nothing was counted. */
    public static final VersionCounts NONE = new VersionCounts(0, 0, 0, Histogram.EMPTY, Histogram.EMPTY);

    VersionCounts plus(VersionCounts other) {
        return new VersionCounts(
                callCount + other.callCount,
                errorCount + other.errorCount,
                rowCount + other.rowCount,
                seconds.plus(other.seconds),
                scores.plus(other.scores));
    }
}
