package io.foresell.training.run;

import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.ClassWeights;

/**
 * One way to fit the model.
 *
 * @param name unique in the spec; empty means the algorithm's name
 * @param classWeights what a row of each class counts
 */
public record CandidateSpec(String name, Algorithm algorithm, ClassWeights classWeights) {
    public CandidateSpec {
        if (name.isEmpty()) {
            name = algorithm.key();
        }
    }
}
