package io.foresell.training.search;

import java.util.List;
import java.util.Optional;

/** Proposes where to try next. One owner; the same seed and history give the same proposals. */
interface Sampler {
    /** Returns coordinates in [0, 1), one per dimension; empty when there is nothing left to try. */
    Optional<double[]> next(List<Trial> done);
}
