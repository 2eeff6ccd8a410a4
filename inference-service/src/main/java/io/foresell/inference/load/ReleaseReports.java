package io.foresell.inference.load;

import io.foresell.inference.fetch.Release;
import io.foresell.inference.fetch.RoutedVersion;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.RouteBoard;
import io.foresell.kit.ServiceException;
import io.foresell.model.PackageException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what becomes of releases that are being loaded, by {@link LoadStates} and log. Used by the load lane's thread. */
final class ReleaseReports {
    private static final Logger log = LoggerFactory.getLogger(ReleaseReports.class);

    private final LoadStates states;
    private final RouteBoard board;
    private final Counter failures;

    ReleaseReports(LoadStates states, RouteBoard board, MeterRegistry meters) {
        this.states = states;
        this.board = board;
        this.failures = Counter.builder("model_load_failures")
                .description("Releases that could not be loaded; the release before keeps serving")
                .register(meters);
    }

    void loading(Release release) {
        states.replace(release.model(), statuses(release, null, ""));
    }

    void ready(String model) {
        states.replace(model, List.of());
    }

    void unloaded(Release release) {
        states.replace(
                release.model(),
                release.routes().stream()
                        .map(route -> new VersionStatus(
                                release.model(), route.version(), route.digest(), VersionStatus.UNLOADED))
                        .toList());
    }

    /** Says why a release does not serve, and returns it. */
    String failed(Release release, RoutedVersion failed, Throwable error) {
        failures.increment();
        String cause = describe(error);
        log.error(
                "release not loaded, the one before keeps serving model={} revision={} version={} cause=\"{}\"",
                release.model(),
                release.revision(),
                failed.version(),
                cause,
                error instanceof ServiceException || error instanceof PackageException ? null : error);
        String said = "release %d: %s".formatted(release.revision(), cause);
        states.replace(release.model(), statuses(release, failed, said));
        return said;
    }

    /**
     * Returns what is said of the versions that a release asks for and that do not serve.
     *
     * @param failed the route at fault, of which it is said even though the version serves under the release before; null without one
     */
    private List<VersionStatus> statuses(Release release, @Nullable RoutedVersion failed, String cause) {
        ModelSlot current = board.current().slot(release.model());
        List<VersionStatus> statuses = new ArrayList<>();
        for (RoutedVersion route : release.routes()) {
            boolean isAtFault = route.equals(failed);
            if (isAtFault || ServingReleases.inMemory(current, route) == null) {
                String waiting = failed == null
                        ? ""
                        : "release %d: waits for version %d".formatted(release.revision(), failed.version());
                statuses.add(new VersionStatus(
                        release.model(), route.version(), route.digest(), isAtFault ? cause : waiting));
            }
        }
        return statuses;
    }

    private static String describe(Throwable error) {
        if (error instanceof ServiceException known) {
            return known.failure().reason() + ": " + known.failure().message();
        }
        if (error instanceof PackageException refused) {
            return refused.reason() + ": " + refused.getMessage();
        }
        return error.toString();
    }
}
