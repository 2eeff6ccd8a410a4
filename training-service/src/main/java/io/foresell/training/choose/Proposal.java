package io.foresell.training.choose;

import io.foresell.training.fit.Algorithm;
import io.foresell.training.prepare.Preparation;
import io.foresell.training.search.Dimension;
import io.foresell.training.search.SearchPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One family with its defaults.
 *
 * @param name unique among the proposals; the algorithm's, unless it reads features in its own way
 * @param preparation how this family reads features; null as all do
 * @param dimensions the main parameters to search; empty for none
 * @param configuration makes the algorithm of values of those
 * @param isPlain whether it is the baseline or the linear family, without which there is nothing to compare with
 */
public record Proposal(
        String name,
        Algorithm algorithm,
        @Nullable Preparation preparation,
        List<Dimension> dimensions,
        SearchPlan.Configuration configuration,
        boolean isPlain) {
    public Proposal {
        dimensions = List.copyOf(dimensions);
    }

    static Proposal of(Algorithm algorithm, List<Dimension> dimensions, SearchPlan.Configuration configuration) {
        return new Proposal(algorithm.key(), algorithm, null, dimensions, configuration, false);
    }

    /** Returns a proposal whose parameters are not searched. */
    static Proposal of(Algorithm algorithm) {
        return of(algorithm, List.of(), values -> algorithm);
    }

    Proposal plain() {
        return new Proposal(name, algorithm, preparation, dimensions, configuration, true);
    }

    /** Returns this under another name, reading features in its own way. */
    Proposal reading(String newName, Preparation own) {
        return new Proposal(newName, algorithm, own, dimensions, configuration, isPlain);
    }
}
