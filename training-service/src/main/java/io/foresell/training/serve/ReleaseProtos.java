package io.foresell.training.serve;

import com.google.protobuf.util.Durations;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.DegradationLadder;
import io.foresell.proto.registry.v1.Release;
import io.foresell.proto.registry.v1.ReleasedVersion;
import io.foresell.proto.registry.v1.Route;
import io.foresell.proto.registry.v1.SetReleaseRequest;
import io.foresell.proto.registry.v1.SignatureBands;
import io.foresell.proto.registry.v1.WatchReleasesResponse;
import io.foresell.training.registry.HoldOut;
import io.foresell.training.registry.Ladder;
import io.foresell.training.registry.ReleaseBands;
import io.foresell.training.registry.ReleaseUnit;
import io.foresell.training.registry.ReleasedModel;
import java.time.Duration;
import java.util.List;

/** The messages of releases, both ways. */
final class ReleaseProtos {
    private ReleaseProtos() {}

    static Release ofRelease(io.foresell.training.registry.Release release) {
        ReleaseUnit unit = release.unit();
        Release.Builder message = Release.newBuilder()
                .setModel(release.model())
                .setRevision(release.revision())
                .setSalt(release.salt())
                .setActor(release.actor())
                .setReason(release.reason())
                .setCreatedAtMillis(release.createdAt().toEpochMilli())
                .setFeatureSetHash(unit.featureSetHash())
                .setSliceColumn(unit.sliceColumn())
                .setIsForced(release.isForced());
        for (io.foresell.training.registry.Route route : unit.routes()) {
            message.addRoutesBuilder()
                    .setVersion(route.version())
                    .setWeight(route.weight())
                    .setShadowPercent(route.shadowPercent());
        }
        HoldOut holdOut = unit.holdOut();
        if (holdOut != null) {
            message.getHoldOutBuilder().setPercent(holdOut.percent()).setVersion(holdOut.version());
        }
        ReleaseBands bands = unit.bands();
        if (bands != null) {
            message.getBandsBuilder().setMediumFrom(bands.mediumFrom()).setHighFrom(bands.highFrom());
        }
        Ladder ladder = unit.ladder();
        if (ladder != null) {
            message.setLadder(ofLadder(ladder));
        }
        return message.build();
    }

    private static DegradationLadder ofLadder(Ladder ladder) {
        DegradationLadder.Builder message = DegradationLadder.newBuilder().setFallbackVersion(ladder.fallbackVersion());
        if (!ladder.lastKnownMaxAge().isZero()) {
            message.setLastKnownMaxAge(
                    Durations.fromMillis(ladder.lastKnownMaxAge().toMillis()));
        }
        return message.build();
    }

    private static Ladder toLadder(DegradationLadder message) {
        var age = message.getLastKnownMaxAge();
        if (message.hasLastKnownMaxAge() && !(Durations.isValid(age) && Durations.isPositive(age))) {
            throw new ServiceException(Failure.invalid(
                    "ROUTES_INVALID",
                    "ladder.last_known_max_age",
                    "%d s %d ns".formatted(age.getSeconds(), age.getNanos()),
                    "above 0, or absent"));
        }
        // The store keeps milliseconds; what is less stays above 0 and is refused as too short.
        long millis = message.hasLastKnownMaxAge() ? Math.max(1, Durations.toMillis(age)) : 0;
        return new Ladder(message.getFallbackVersion(), Duration.ofMillis(millis));
    }

    static ReleaseUnit toUnit(SetReleaseRequest request) {
        SignatureBands bands = request.getBands();
        return new ReleaseUnit(
                toRoutes(request.getRoutesList()),
                request.hasHoldOut()
                        ? new HoldOut(
                                request.getHoldOut().getPercent(),
                                request.getHoldOut().getVersion())
                        : null,
                request.hasBands() ? new ReleaseBands(bands.getMediumFrom(), bands.getHighFrom()) : null,
                request.getFeatureSetHash(),
                request.getSliceColumn(),
                request.hasLadder() ? toLadder(request.getLadder()) : null);
    }

    private static List<io.foresell.training.registry.Route> toRoutes(List<Route> routes) {
        return routes.stream()
                .map(route -> new io.foresell.training.registry.Route(
                        route.getVersion(), route.getWeight(), route.getShadowPercent()))
                .toList();
    }

    static WatchReleasesResponse ofReleased(List<ReleasedModel> models, boolean isComplete) {
        WatchReleasesResponse.Builder message =
                WatchReleasesResponse.newBuilder().setIsComplete(isComplete);
        for (ReleasedModel model : models) {
            message.addReleases(ofRelease(model.release()));
            model.versions()
                    .values()
                    .forEach(version -> message.putVersions(
                            model.release().model() + "@" + version.version(),
                            ReleasedVersion.newBuilder()
                                    .setVersion(version.version())
                                    .setDigest(version.digest())
                                    .setPackageBytes(version.packageBytes())
                                    .build()));
        }
        return message.build();
    }
}
