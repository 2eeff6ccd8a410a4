package io.foresell.training.serve;

import io.foresell.proto.training.v1.Candidate;
import io.foresell.training.fit.Algorithm;
import org.jspecify.annotations.Nullable;

/** Finds the algorithm that a candidate names. */
final class AlgorithmProtos {
    private AlgorithmProtos() {}

    /** Returns the algorithm of a candidate with its defaults filled in; null after a refusal. */
    static @Nullable Algorithm toAlgorithm(String field, Candidate message, SpecCheck check) {
        return switch (message.getAlgorithmCase()) {
            case LOGISTIC_REGRESSION -> LinearProtos.logistic(
                    field + ".logistic_regression", message.getLogisticRegression(), check);
            case BOOSTED_TREES -> TreeProtos.boosted(field + ".boosted_trees", message.getBoostedTrees(), check);
            case SEQUENCE_NETWORK -> SequenceProtos.network(
                    field + ".sequence_network", message.getSequenceNetwork(), check);
            case NETWORK -> NetworkProtos.network(field + ".network", message.getNetwork(), check);
            case ALGORITHM_NOT_SET -> {
                check.refuse(field + ".algorithm", "nothing", "logistic_regression, boosted_trees, sequence_network or network");
                yield null;
            }
        };
    }
}
