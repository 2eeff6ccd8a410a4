package io.foresell.inference.fetch;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.JsonFormat;
import io.foresell.inference.ladder.Ladder;
import io.foresell.inference.route.ReleaseTerms;
import io.foresell.proto.registry.v1.DegradationLadder;
import io.foresell.proto.registry.v1.ReleasedVersion;
import io.foresell.proto.registry.v1.Route;
import io.foresell.proto.registry.v1.WatchReleasesResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps the registry's messages; the state file is the JSON form of the same message. */
final class RegistryProtos {
    private static final Logger log = LoggerFactory.getLogger(RegistryProtos.class);

    private RegistryProtos() {}

    /** Returns the sound releases of a message; an unsound one is logged and left out, the one before keeps serving. */
    static List<Release> releases(WatchReleasesResponse message) {
        List<Release> releases = new ArrayList<>();
        for (io.foresell.proto.registry.v1.Release release : message.getReleasesList()) {
            try {
                releases.add(release(release, message));
            } catch (IllegalArgumentException e) {
                log.error(
                        "release refused model={} revision={} cause=\"{}\"",
                        release.getModel(),
                        release.getRevision(),
                        e.getMessage());
            }
        }
        return releases;
    }

    private static Release release(io.foresell.proto.registry.v1.Release release, WatchReleasesResponse message) {
        List<RoutedVersion> routes = new ArrayList<>();
        for (Route route : release.getRoutesList()) {
            ReleasedVersion version = message.getVersionsOrDefault(key(release.getModel(), route.getVersion()), null);
            if (version == null) {
                throw new IllegalArgumentException("versions: no %s (expected: every routed version)"
                        .formatted(key(release.getModel(), route.getVersion())));
            }
            routes.add(new RoutedVersion(
                    route.getVersion(),
                    route.getWeight(),
                    route.getShadowPercent(),
                    version.getDigest(),
                    version.getPackageBytes()));
        }
        return new Release(release.getModel(), release.getRevision(), routes, terms(release));
    }

    private static ReleaseTerms terms(io.foresell.proto.registry.v1.Release release) {
        return new ReleaseTerms(
                release.getSalt(),
                release.hasHoldOut()
                        ? new ReleaseTerms.HoldOut(
                                release.getHoldOut().getPercent(),
                                release.getHoldOut().getVersion())
                        : null,
                release.hasBands()
                        ? new ReleaseTerms.Bands(
                                release.getBands().getMediumFrom(),
                                release.getBands().getHighFrom())
                        : null,
                release.getFeatureSetHash(),
                release.getSliceColumn(),
                release.hasLadder() ? ladder(release.getLadder()) : null);
    }

    private static Ladder ladder(DegradationLadder ladder) {
        return new Ladder(
                ladder.getFallbackVersion(),
                Duration.ofSeconds(
                        ladder.getLastKnownMaxAge().getSeconds(),
                        ladder.getLastKnownMaxAge().getNanos()));
    }

    private static DegradationLadder message(Ladder ladder) {
        DegradationLadder.Builder message = DegradationLadder.newBuilder().setFallbackVersion(ladder.fallbackVersion());
        if (ladder.hasLastKnown()) {
            message.setLastKnownMaxAge(
                    Durations.fromNanos(ladder.lastKnownMaxAge().toNanos()));
        }
        return message.build();
    }

    private static void put(ReleaseTerms terms, io.foresell.proto.registry.v1.Release.Builder target) {
        target.setSalt(terms.salt()).setFeatureSetHash(terms.featureSetHash()).setSliceColumn(terms.sliceColumn());
        ReleaseTerms.HoldOut holdOut = terms.holdOut();
        if (holdOut != null) {
            target.getHoldOutBuilder().setPercent(holdOut.percent()).setVersion(holdOut.version());
        }
        Ladder ladder = terms.ladder();
        if (ladder != null) {
            target.setLadder(message(ladder));
        }
        ReleaseTerms.Bands bands = terms.bands();
        if (bands != null) {
            target.getBandsBuilder().setMediumFrom(bands.mediumFrom()).setHighFrom(bands.highFrom());
        }
    }

    private static String key(String model, int version) {
        return model + "@" + version;
    }

    static String toJson(Collection<Release> releases) {
        WatchReleasesResponse.Builder message =
                WatchReleasesResponse.newBuilder().setIsComplete(true);
        for (Release release : releases) {
            io.foresell.proto.registry.v1.Release.Builder target =
                    message.addReleasesBuilder().setModel(release.model()).setRevision(release.revision());
            put(release.terms(), target);
            for (RoutedVersion route : release.routes()) {
                target.addRoutesBuilder()
                        .setVersion(route.version())
                        .setWeight(route.weight())
                        .setShadowPercent(route.shadowPercent());
                message.putVersions(
                        key(release.model(), route.version()),
                        ReleasedVersion.newBuilder()
                                .setVersion(route.version())
                                .setDigest(route.digest())
                                .setPackageBytes(route.packageBytes())
                                .build());
            }
        }
        try {
            return JsonFormat.printer().preservingProtoFieldNames().print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("releases that cannot be printed", e);
        }
    }

    /** Reads {@link #toJson}; throws IllegalArgumentException when it is something else. */
    static List<Release> fromJson(String json) {
        WatchReleasesResponse.Builder message = WatchReleasesResponse.newBuilder();
        try {
            JsonFormat.parser().ignoringUnknownFields().merge(json, message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("releases: not the JSON of releases", e);
        }
        return releases(message.build());
    }
}
