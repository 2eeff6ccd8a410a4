package io.foresell.training.run;

import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.search.SearchPlan;
import java.util.Optional;

/**
 * One way to fit the model.
 *
 * @param name unique in the spec; empty means the algorithm's name
 * @param classWeights what a row of each class counts
 * @param search how better parameters than the algorithm's are searched
 */
public record CandidateSpec(String name, Algorithm algorithm, ClassWeights classWeights, Optional<SearchPlan> search) {
    public CandidateSpec {
        if (name.isEmpty()) {
            name = algorithm.key();
        }
    }

    /** Returns a candidate whose parameters are not searched. */
    public static CandidateSpec of(String name, Algorithm algorithm) {
        return new CandidateSpec(name, algorithm, ClassWeights.EQUAL, Optional.empty());
    }

    /** Returns this candidate with the parameters that a search found. */
    CandidateSpec with(Algorithm found) {
        return new CandidateSpec(name, found, classWeights, Optional.empty());
    }

    /** Estimates the time of a fit, search included, relative to a logistic regression. */
    double work() {
        return algorithm.work() * (1 + search.map(plan -> plan.innerFolds() * (plan.trialCount() + 1)).orElse(0));
    }
}
