package io.foresell.training.rollout.plan;

import java.time.Duration;

/**
 * One stage of a rollout.
 *
 * @param weight the candidate's share of subjects, percent: 0 of a shadow, 100 of the promotion
 * @param atLeast the least time
 * @param atMost the greatest time before {@link RolloutPlan#onTimeout} applies
 * @param rows the least number of rows that the candidate must have scored
 * @param replayRows recorded rows that both versions score when the stage begins; 0 but of a shadow
 */
public record Stage(Kind kind, int weight, Duration atLeast, Duration atMost, long rows, int replayRows) {
    /** What the candidate does. */
    public enum Kind {
        /** It scores copies of requests. */
        SHADOW,
        /** It answers a share of the subjects. */
        STEP,
        /** It answers all; the stage is over when every replica proves it. */
        PROMOTION
    }

    /** How long a promotion may wait for proof. */
    public static final Duration PROOF_TIME = Duration.ofHours(1);

    /** Answers all subjects. */
    public static final Stage PROMOTION = new Stage(Kind.PROMOTION, 100, Duration.ZERO, PROOF_TIME, 0, 0);

    /** Returns the stage in words: "shadow", "step 20 %" or "promotion". */
    public String title() {
        return switch (kind) {
            case SHADOW -> "shadow";
            case STEP -> "step %d %%".formatted(weight);
            case PROMOTION -> "promotion";
        };
    }
}
