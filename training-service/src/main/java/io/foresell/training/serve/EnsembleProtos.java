package io.foresell.training.serve;

import io.foresell.proto.training.v1.Candidate;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.ensemble.Ensemble;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Algorithms made of others. */
final class EnsembleProtos {
    private static final int USUAL_INNER_FOLDS = 5;
    private static final int MAX_NAME_LENGTH = 63;

    private EnsembleProtos() {}

    static @Nullable Algorithm ensemble(String field, io.foresell.proto.training.v1.Ensemble message, SpecCheck check) {
        List<Ensemble.Member> members = new ArrayList<>();
        for (int i = 0; i < message.getMembersCount(); i++) {
            Ensemble.Member member = member("%s.members[%d]".formatted(field, i), message.getMembers(i), check);
            if (member != null) {
                members.add(member);
            }
        }
        Ensemble.Method method =
                switch (message.getMethod()) {
                    case ENSEMBLE_METHOD_UNSPECIFIED, ENSEMBLE_METHOD_AVERAGE -> Ensemble.Method.AVERAGE;
                    case ENSEMBLE_METHOD_STACK -> Ensemble.Method.STACK;
                    case UNRECOGNIZED -> {
                        check.refuse(field + ".method", message.getMethodValue(), "AVERAGE or STACK");
                        yield Ensemble.Method.AVERAGE;
                    }
                };
        if (method == Ensemble.Method.AVERAGE && message.getInnerFolds() != 0) {
            check.refuse(field + ".inner_folds", message.getInnerFolds(), "0, or method STACK");
        }
        int innerFolds = check.count(field + ".inner_folds", message.getInnerFolds(), USUAL_INNER_FOLDS, 2, 20);
        return members.size() < message.getMembersCount()
                ? null
                : check.checked(field, () -> new Ensemble(members, method, message.getWeightsList(), innerFolds));
    }

    private static Ensemble.@Nullable Member member(String field, Candidate message, SpecCheck check) {
        if (message.hasEnsemble()) {
            check.refuse(field, "ensemble", "an algorithm that is no ensemble itself");
            return null;
        }
        if (message.hasClassWeights() || message.hasTuning() || message.hasCalibration() || message.hasPrepare()) {
            check.refuse(
                    field,
                    "class_weights, tuning, calibration or prepare",
                    "a name and an algorithm; class_weights, calibration and prepare belong to the candidate");
        }
        if (message.getName().length() > MAX_NAME_LENGTH) {
            check.refuse(field + ".name", message.getName(), "at most %d characters".formatted(MAX_NAME_LENGTH));
        }
        Algorithm algorithm = AlgorithmProtos.toAlgorithm(field, message, check);
        return algorithm == null ? null : new Ensemble.Member(message.getName(), algorithm);
    }
}
