package io.foresell.inference.route;

import io.foresell.inference.ladder.Ladder;
import org.jspecify.annotations.Nullable;

/**
 * What a release says besides its routes. Immutable.
 *
 * @param salt keeps the assignment of subjects stable across releases
 * @param holdOut null without a hold-out group
 * @param bands null when each package's own hold
 * @param featureSetHash of the feature set that every version must have been trained on; empty asks for none
 * @param sliceColumn the input whose values are the slices of statistics; empty for none
 * @param ladder what answers when the version chosen cannot in time; null when nothing does
 */
public record ReleaseTerms(
        String salt,
        @Nullable HoldOut holdOut,
        @Nullable Bands bands,
        String featureSetHash,
        String sliceColumn,
        @Nullable Ladder ladder) {
    /** Makes terms without a ladder. */
    public ReleaseTerms(
            String salt, @Nullable HoldOut holdOut, @Nullable Bands bands, String featureSetHash, String sliceColumn) {
        this(salt, holdOut, bands, featureSetHash, sliceColumn, null);
    }

    /** Returns terms of a salt only. */
    public static ReleaseTerms of(String salt) {
        return new ReleaseTerms(salt, null, null, "", "");
    }

    /**
     * A group of subjects that one version answers whatever the weights are.
     *
     * @param percent share of all subjects, 1 to 99
     */
    public record HoldOut(int percent, int version) {
        public HoldOut {
            if (percent < 1 || percent > 99) {
                throw new IllegalArgumentException("hold_out.percent: %d (expected: 1..99)".formatted(percent));
            }
        }
    }

    /** Where an answer counts as medium or high. */
    public record Bands(double mediumFrom, double highFrom) {
        public Bands {
            if (!(mediumFrom <= highFrom)) {
                throw new IllegalArgumentException(
                        "bands: %s, %s (expected: medium_from <= high_from)".formatted(mediumFrom, highFrom));
            }
        }

        String of(double value) {
            if (value < mediumFrom) {
                return "low";
            }
            return value < highFrom ? "medium" : "high";
        }
    }
}
