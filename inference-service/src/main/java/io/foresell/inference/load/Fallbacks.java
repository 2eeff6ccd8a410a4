package io.foresell.inference.load;

import io.foresell.inference.fetch.Release;
import io.foresell.inference.fetch.RoutedVersion;
import io.foresell.inference.ladder.Ladder;
import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.ServedVersion;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.Signature;
import java.util.HashSet;
import java.util.List;

/** Whether the fallback of a release may answer in place of its other versions; the registry asked the same, this server serves it. */
final class Fallbacks {
    private Fallbacks() {}

    /**
     * Refuses a fallback that answers something else than a version it stands in for, or reads what that one does not.
     *
     * @param ready the versions loaded so far, in the order of the routes
     * @throws ServiceException FAILED_PRECONDITION naming the difference
     */
    static void require(Release release, List<ServedVersion> ready) {
        Ladder ladder = release.terms().ladder();
        if (ladder == null) {
            return;
        }
        for (ServedVersion fallback : ready) {
            for (int i = 0; i < ready.size() && fallback.version() == ladder.fallbackVersion(); i++) {
                if (ready.get(i) != fallback
                        && answers(release, release.routes().get(i))) {
                    require(fallback, ready.get(i));
                }
            }
        }
    }

    private static boolean answers(Release release, RoutedVersion route) {
        ReleaseTerms.HoldOut holdOut = release.terms().holdOut();
        return route.weight() > 0 || (holdOut != null && holdOut.version() == route.version());
    }

    private static void require(ServedVersion fallback, ServedVersion chosen) {
        Answer ours = fallback.modelPackage().answer();
        Answer theirs = chosen.modelPackage().answer();
        if (ours.task() != theirs.task()) {
            throw incompatible(fallback, chosen, "task " + ours.task(), theirs.task());
        }
        if (!new HashSet<>(ours.labels()).equals(new HashSet<>(theirs.labels()))) {
            throw incompatible(fallback, chosen, "other labels", "the same");
        }
        Signature known = chosen.modelPackage().signature();
        for (InputField input : fallback.modelPackage().signature().inputs()) {
            if (!known.contains(input.name()) || !known.input(input.name()).equals(input)) {
                throw incompatible(
                        fallback, chosen, "input '%s'".formatted(input.name()), "only inputs that the other one reads");
            }
        }
    }

    private static ServiceException incompatible(
            ServedVersion fallback, ServedVersion chosen, String value, Object expected) {
        return new ServiceException(Failure.precondition(
                "FALLBACK_INCOMPATIBLE",
                "ladder.fallback_version: %d in place of %d: %s (expected: %s)"
                        .formatted(fallback.version(), chosen.version(), value, expected)));
    }
}
