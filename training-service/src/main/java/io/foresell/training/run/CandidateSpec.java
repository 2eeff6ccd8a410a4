package io.foresell.training.run;

import io.foresell.training.fit.FitParameters;

/**
 * One way to fit the model.
 *
 * @param name unique in the spec; empty means the algorithm's name
 */
public record CandidateSpec(String name, FitParameters parameters) {
    public CandidateSpec {
        if (name.isEmpty()) {
            name = parameters.algorithm();
        }
    }
}
