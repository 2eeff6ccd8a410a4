package io.foresell.training.job;

import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.run.CandidateOutcome;

/**
 * The outcome of one candidate, as a job keeps it.
 *
 * @param version the version published; 0 when none was
 * @param seconds time spent fitting and judging
 */
public record CandidateResult(String candidate, Evaluation evaluation, int version, boolean isBest, double seconds) {
    static CandidateResult of(CandidateOutcome outcome, int version) {
        return new CandidateResult(outcome.name(), outcome.evaluation(), version, outcome.isBest(), outcome.seconds());
    }
}
