package io.foresell.training.registry;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Looks at the gates of a version that is about to be published. */
@FunctionalInterface
public interface GateJudge {
    /** Lets every version pass. */
    GateJudge NO_GATES = champions -> List.of();

    /**
     * Looks at every gate; called again when the model changes meanwhile.
     *
     * @param champions finds the version that an alias, a number or nothing (the version released with the greatest weight) stands for
     */
    List<GateResult> judge(Function<String, Optional<ModelVersion>> champions);
}
