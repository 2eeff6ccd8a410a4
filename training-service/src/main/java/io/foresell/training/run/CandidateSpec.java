package io.foresell.training.run;

import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.prepare.Preparation;
import org.jspecify.annotations.Nullable;

/**
 * One way to fit the model.
 *
 * @param name unique in the spec; empty means the algorithm's name
 * @param classWeights what a row of each class counts
 * @param preparation how raw features become encoded columns; null as the spec says for all candidates
 */
public record CandidateSpec(
        String name, Algorithm algorithm, ClassWeights classWeights, @Nullable Preparation preparation) {
    public CandidateSpec {
        if (name.isEmpty()) {
            name = algorithm.key();
        }
    }

    /** Returns a candidate prepared as the spec says. */
    public CandidateSpec(String name, Algorithm algorithm, ClassWeights classWeights) {
        this(name, algorithm, classWeights, null);
    }
}
