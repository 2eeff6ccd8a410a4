package io.foresell.feature.measure;

/**
 * How far one input, or the score, moved.
 *
 * @param input empty for the score
 * @param stabilityIndex the population stability index, 0 or more
 * @param chanceIndex its mean when nothing moved: bins less one, over the rows of either side
 * @param reference "package" or "window"
 * @param referenceCount rows of the reference; 0 when a package does not say
 */
public record InputDrift(
        String input,
        double stabilityIndex,
        double chanceIndex,
        String reference,
        long referenceCount,
        long rowCount,
        double missingShare,
        double referenceMissingShare) {}
