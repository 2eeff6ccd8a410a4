package io.foresell.training.rollout.sequential;

/**
 * Outcomes of both versions that came in together. How many there are must not depend on what they are.
 *
 * @param candidateCount outcomes of the candidate, 0 or more
 * @param candidateSum their sum, each in [0, 1]
 * @param championCount outcomes of the champion, 0 or more
 * @param championSum their sum, each in [0, 1]
 */
public record OutcomeBlock(long candidateCount, double candidateSum, long championCount, double championSum) {
    /** Without outcomes. */
    public static final OutcomeBlock NONE = new OutcomeBlock(0, 0, 0, 0);

    public OutcomeBlock {
        require("candidate", candidateCount, candidateSum);
        require("champion", championCount, championSum);
    }

    private static void require(String which, long count, double sum) {
        if (!(count >= 0 && sum >= 0 && sum <= count)) {
            throw new IllegalArgumentException(
                    "%s: sum %s of %d outcomes (expected: 0..count)".formatted(which, sum, count));
        }
    }

    public long count() {
        return candidateCount + championCount;
    }

    /** Returns the outcomes of both blocks. */
    public OutcomeBlock plus(OutcomeBlock other) {
        return new OutcomeBlock(
                candidateCount + other.candidateCount,
                candidateSum + other.candidateSum,
                championCount + other.championCount,
                championSum + other.championSum);
    }
}
