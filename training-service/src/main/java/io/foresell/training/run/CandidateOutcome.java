package io.foresell.training.run;

import io.foresell.training.evaluate.Evaluation;
import java.util.Optional;

/**
 * What became of one candidate.
 *
 * @param packageBytes the package file to publish; empty when the publish rule leaves this candidate out
 * @param seconds time spent fitting and judging
 * @param isBest has the best metric; the first one of equals
 */
public record CandidateOutcome(
        String name,
        String algorithm,
        Evaluation evaluation,
        Optional<byte[]> packageBytes,
        double seconds,
        boolean isBest) {}
