package io.foresell.training.run;

import io.foresell.training.fit.Algorithm;

/**
 * One way to fit the model.
 *
 * @param name unique in the spec; empty means the algorithm's name
 */
public record CandidateSpec(String name, Algorithm algorithm) {
    public CandidateSpec {
        if (name.isEmpty()) {
            name = algorithm.key();
        }
    }
}
