package io.foresell.model.pack;

import io.foresell.model.scorer.Scorer;

/** Makes a scorer of a package: compiled, or by another engine when that fails. */
@FunctionalInterface
public interface ScorerFactory {
    /** Returns a new scorer; may throw {@link io.foresell.model.scorer.UnsupportedOperatorException}. */
    Scorer create(ModelPackage modelPackage);
}
