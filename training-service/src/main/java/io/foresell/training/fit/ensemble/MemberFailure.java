package io.foresell.training.fit.ensemble;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.function.Supplier;

/** Says which member of an ensemble failed. */
final class MemberFailure {
    private MemberFailure() {}

    /** Does what a member has to do; a failure of its own begins with its name. */
    static <T> T named(Ensemble.Member member, Supplier<T> step) {
        try {
            return step.get();
        } catch (ServiceException e) {
            Failure own = e.failure();
            throw new ServiceException(
                    new Failure(
                            own.code(),
                            own.reason(),
                            "member %s: %s".formatted(member.name(), own.message()),
                            own.metadata(),
                            own.violations(),
                            own.retryAfter()),
                    e);
        }
    }
}
