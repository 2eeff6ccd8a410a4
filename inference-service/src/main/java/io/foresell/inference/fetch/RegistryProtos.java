package io.foresell.inference.fetch;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.foresell.proto.registry.v1.ReleasedVersion;
import io.foresell.proto.registry.v1.Route;
import io.foresell.proto.registry.v1.WatchReleasesResponse;
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
                    route.getVersion(), route.getWeight(), version.getDigest(), version.getPackageBytes()));
        }
        return new Release(release.getModel(), release.getRevision(), routes, release.getSalt());
    }

    private static String key(String model, int version) {
        return model + "@" + version;
    }

    static String toJson(Collection<Release> releases) {
        WatchReleasesResponse.Builder message =
                WatchReleasesResponse.newBuilder().setIsComplete(true);
        for (Release release : releases) {
            io.foresell.proto.registry.v1.Release.Builder target = message.addReleasesBuilder()
                    .setModel(release.model())
                    .setRevision(release.revision())
                    .setSalt(release.salt());
            for (RoutedVersion route : release.routes()) {
                target.addRoutesBuilder().setVersion(route.version()).setWeight(route.weight());
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
