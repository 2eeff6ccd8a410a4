package io.foresell.training.rollout;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.training.registry.Release;
import io.foresell.training.registry.ReleaseUnit;
import io.foresell.training.registry.Releases;
import java.util.OptionalInt;

/** Sets the releases of a rollout in the registry. */
final class RegistrySwitch implements ReleaseSwitch {
    private static final int MAX_REASON_LENGTH = 1_000; // the registry's

    private final Releases releases;

    RegistrySwitch(Releases releases) {
        this.releases = releases;
    }

    @Override
    public Setting current(String model) {
        return releases.current(model)
                .map(release -> new Setting(release.revision(), release.actor(), release.reason()))
                .orElse(new Setting(0, "", ""));
    }

    @Override
    public OptionalInt find(String model, String tag, int revision) {
        return releases.history(model).stream()
                .filter(release ->
                        release.revision() > revision && release.reason().startsWith(tag))
                .mapToInt(Release::revision)
                .findFirst();
    }

    @Override
    public int set(Rollout rollout, Pending change, String tag) {
        Release base = release(rollout.model(), rollout.previousRevision());
        ReleaseUnit unit = change.isRollBack()
                ? base.unit()
                : StageUnits.of(
                        base.unit(),
                        rollout.plan(),
                        rollout.champion(),
                        rollout.plan().stages().get(change.target()));
        String reason = tag + " " + change.reason();
        return releases.setRelease(
                        rollout.model(),
                        unit,
                        change.isRollBack() ? base.salt() : "",
                        OptionalInt.of(change.expectedRevision()),
                        change.actor(),
                        reason.length() <= MAX_REASON_LENGTH ? reason : reason.substring(0, MAX_REASON_LENGTH),
                        base.isForced())
                .revision();
    }

    private Release release(String model, int revision) {
        return releases.history(model).stream()
                .filter(release -> release.revision() == revision)
                .findFirst()
                .orElseThrow(() -> new ServiceException(Failure.precondition(
                        "RELEASE_FORGOTTEN",
                        "release %d of %s: too old to be listed (expected: among the newest 1000)"
                                .formatted(revision, model))));
    }
}
