package io.foresell.training.rollout.observe;

import io.foresell.training.rollout.sequential.Histogram;

/**
 * How the candidate scored copies of the champion's rows.
 *
 * @param rowCount rows that both scored
 * @param droppedCount rows that were to be copied and were not
 * @param errorCount rows that the candidate could not score
 * @param flipCount rows that the two decide differently about
 * @param championScores scores of the champion on these rows
 * @param candidateScores scores of the candidate on these rows
 */
public record ShadowCounts(
        long rowCount,
        long droppedCount,
        long errorCount,
        long flipCount,
        Histogram championScores,
        Histogram candidateScores) {
    /** Nothing was counted. */
    public static final ShadowCounts NONE = new ShadowCounts(0, 0, 0, 0, Histogram.EMPTY, Histogram.EMPTY);

    ShadowCounts plus(ShadowCounts other) {
        return new ShadowCounts(
                rowCount + other.rowCount,
                droppedCount + other.droppedCount,
                errorCount + other.errorCount,
                flipCount + other.flipCount,
                championScores.plus(other.championScores),
                candidateScores.plus(other.candidateScores));
    }
}
