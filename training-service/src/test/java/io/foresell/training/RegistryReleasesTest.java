package io.foresell.training;

import static io.foresell.training.TestService.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.foresell.kit.Failure;
import io.foresell.proto.registry.v1.DegradationLadder;
import io.foresell.proto.registry.v1.GetVersionRequest;
import io.foresell.proto.registry.v1.HoldOut;
import io.foresell.proto.registry.v1.ListAliasHistoryRequest;
import io.foresell.proto.registry.v1.ListReleasesRequest;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.registry.v1.Release;
import io.foresell.proto.registry.v1.Route;
import io.foresell.proto.registry.v1.SetAliasRequest;
import io.foresell.proto.registry.v1.SetReleaseRequest;
import io.foresell.proto.registry.v1.SignatureBands;
import io.foresell.proto.registry.v1.WatchReleasesRequest;
import io.foresell.proto.registry.v1.WatchReleasesResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How aliases and releases move, and how watchers hear of it. */
final class RegistryReleasesTest extends TwoReplicas {
    @Test
    void aliasMovesByCompareAndSetWithHistory() {
        service.publish("aliased", TestPackages.sound("aliased", 1));
        service.publish("aliased", TestPackages.sound("aliased", 2));
        alias("aliased", 1, 0);
        assertRefused(Status.Code.ABORTED, "ALIAS_MOVED", () -> alias("aliased", 2, 0));
        assertRefused(Status.Code.NOT_FOUND, "VERSION_NOT_FOUND", () -> alias("aliased", 3, 1));
        alias("aliased", 2, 1);

        assertThat(service.registry()
                        .getVersion(GetVersionRequest.newBuilder()
                                .setModel("aliased")
                                .setAlias("champion")
                                .build())
                        .getVersion()
                        .getVersion())
                .isEqualTo(2);
        var moves = replica.registry()
                .listAliasHistory(
                        ListAliasHistoryRequest.newBuilder().setModel("aliased").build())
                .getMovesList();
        assertThat(moves).hasSize(2);
        assertThat(moves.get(0).getFromVersion()).isEqualTo(1);
        assertThat(moves.get(0).getToVersion()).isEqualTo(2);
        assertThat(moves.get(0).getActor()).isEqualTo("ann");
        assertThat(moves.get(1).getFromVersion()).isZero();
        assertRefused(Status.Code.NOT_FOUND, "ALIAS_NOT_FOUND", () -> service.registry()
                .getVersion(GetVersionRequest.newBuilder()
                        .setModel("aliased")
                        .setAlias("challenger")
                        .build()));
    }

    private void alias(String model, int version, int expected) {
        service.registry()
                .setAlias(SetAliasRequest.newBuilder()
                        .setModel(model)
                        .setAlias("champion")
                        .setVersion(version)
                        .setExpectedVersion(expected)
                        .setActor("ann")
                        .setReason("test")
                        .build());
    }

    @Test
    void releaseChangesAsAWholeByCompareAndSet() {
        service.publish("released", TestPackages.sound("released", 1));
        service.publish("released", TestPackages.sound("released", 2));
        Release first = release(service, "released", 0, 1, 100);
        assertRefused(Status.Code.ABORTED, "RELEASE_CHANGED", () -> release(service, "released", 0, 2, 100));
        Release second = release(replica, "released", 1, 1, 80, 2, 20);

        assertThat(second.getRevision()).isEqualTo(2);
        assertThat(second.getSalt()).isEqualTo(first.getSalt()).isNotEmpty();
        assertThat(service.registry()
                        .listReleases(ListReleasesRequest.newBuilder()
                                .setModel("released")
                                .build())
                        .getReleasesList())
                .containsExactly(second, first);
    }

    @Test
    void refusesRoutesThatAreNoRelease() {
        service.publish("routes", TestPackages.sound("routes", 1));
        assertRefused(Status.Code.INVALID_ARGUMENT, "ROUTES_INVALID", () -> release(service, "routes", 0));
        assertRefused(Status.Code.INVALID_ARGUMENT, "ROUTES_INVALID", () -> release(service, "routes", 0, 1, 99));
        assertRefused(
                Status.Code.INVALID_ARGUMENT, "ROUTES_INVALID", () -> release(service, "routes", 0, 1, 50, 1, 50));
        assertRefused(
                Status.Code.INVALID_ARGUMENT, "ROUTES_INVALID", () -> release(service, "routes", 0, 1, 150, 2, -50));
        assertRefused(Status.Code.NOT_FOUND, "VERSION_NOT_FOUND", () -> release(service, "routes", 0, 1, 50, 7, 50));
        assertRefused(Status.Code.NOT_FOUND, "MODEL_NOT_FOUND", () -> release(service, "nobody", 0, 1, 100));
        assertRefused(Status.Code.INVALID_ARGUMENT, "ACTOR_INVALID", () -> service.registry()
                .setRelease(SetReleaseRequest.newBuilder()
                        .setModel("routes")
                        .addRoutes(Route.newBuilder().setVersion(1).setWeight(100))
                        .build()));
        assertThat(service.registry()
                        .listReleases(ListReleasesRequest.newBuilder()
                                .setModel("routes")
                                .build())
                        .getReleasesList())
                .isEmpty();
    }

    @Test
    void keepsEverythingOfAUnitAndOnlyTheSaltOfTheOneBefore() {
        service.publish("unit", TestPackages.sound("unit", 1));
        service.publish("unit", TestPackages.sound("unit", 2));
        SetReleaseRequest.Builder full = unit("unit")
                .addRoutes(Route.newBuilder().setVersion(1).setWeight(100))
                .addRoutes(Route.newBuilder().setVersion(2).setShadowPercent(40))
                .setHoldOut(HoldOut.newBuilder().setPercent(10).setVersion(1))
                .setBands(SignatureBands.newBuilder().setMediumFrom(0.2).setHighFrom(0.6))
                .setSliceColumn("x")
                .setLadder(DegradationLadder.newBuilder()
                        .setFallbackVersion(3)
                        .setLastKnownMaxAge(Durations.fromMillis(600_500)))
                .addRoutes(Route.newBuilder().setVersion(3));
        service.publish("unit", TestPackages.sound("unit", 3));
        Release made = service.registry().setRelease(full.build()).getRelease();
        assertThat(made.getRoutesList()).isEqualTo(full.getRoutesList());
        assertThat(made.getHoldOut()).isEqualTo(full.getHoldOut());
        assertThat(made.getBands()).isEqualTo(full.getBands());
        assertThat(made.getSliceColumn()).isEqualTo("x");
        assertThat(made.getLadder()).isEqualTo(full.getLadder());

        Release plain = release(replica, "unit", 1, 1, 100);
        assertThat(plain.hasHoldOut() || plain.hasBands() || plain.hasLadder()).isFalse();
        assertThat(plain.getSalt()).isEqualTo(made.getSalt());
        Release anew = service.registry()
                .setRelease(full.clone()
                        .setSalt("next experiment")
                        .setIsForced(true)
                        .build())
                .getRelease();
        assertThat(anew.getSalt()).isEqualTo("next experiment");
        assertThat(anew.getIsForced()).isTrue();
        assertThat(replica.registry()
                        .listReleases(ListReleasesRequest.newBuilder()
                                .setModel("unit")
                                .build())
                        .getReleasesList())
                .containsExactly(anew, plain, made);
    }

    @Test
    void refusesUnitsThatAreNoReleaseNamingEachFault() {
        service.publish("faults", TestPackages.sound("faults", 1));
        service.publish("faults", TestPackages.sound("faults", 2));
        Failure failure = assertRefused(Status.Code.INVALID_ARGUMENT, "ROUTES_INVALID", () -> service.registry()
                .setRelease(unit("faults")
                        .addRoutes(Route.newBuilder().setVersion(1).setWeight(90))
                        .addRoutes(
                                Route.newBuilder().setVersion(2).setWeight(10).setShadowPercent(101))
                        .setHoldOut(HoldOut.newBuilder().setPercent(100).setVersion(2))
                        .setBands(SignatureBands.newBuilder().setMediumFrom(0.6).setHighFrom(0.5))
                        .setSalt("s".repeat(65))
                        .build()));
        assertThat(failure.violations())
                .extracting(Failure.FieldViolation::field)
                .containsExactly(
                        "routes[1].shadow_percent",
                        "routes[1].weight",
                        "hold_out.percent",
                        "hold_out.version",
                        "bands",
                        "salt");
        assertRefused(Status.Code.FAILED_PRECONDITION, "FEATURE_SET_MISMATCH", () -> service.registry()
                .setRelease(unit("faults")
                        .addRoutes(Route.newBuilder().setVersion(1).setWeight(100))
                        .setFeatureSetHash("another")
                        .build()));
    }

    @Test
    void refusesLaddersThatLeadNowhereNamingTheFault() {
        service.publish("ladder", TestPackages.sound("ladder", 1));
        service.publish("ladder", TestPackages.sound("ladder", 2));
        assertThat(ladderFault(DegradationLadder.newBuilder(), 2)).isEqualTo("ladder");
        assertThat(ladderFault(DegradationLadder.newBuilder().setFallbackVersion(3), 2))
                .isEqualTo("ladder.fallback_version");
        assertThat(ladderFault(DegradationLadder.newBuilder().setFallbackVersion(1), 2))
                .as("it stands in for itself")
                .isEqualTo("ladder.fallback_version");
        for (Duration age : List.of(
                Durations.fromMillis(999),
                Durations.fromNanos(1),
                Durations.fromHours(25),
                Durations.fromSeconds(-1),
                Duration.newBuilder().setSeconds(1).setNanos(-5).build())) {
            assertThat(ladderFault(DegradationLadder.newBuilder().setLastKnownMaxAge(age), 2))
                    .as("%s", age)
                    .isEqualTo("ladder.last_known_max_age");
        }
        Failure shadow = assertRefused(Status.Code.INVALID_ARGUMENT, "ROUTES_INVALID", () -> service.registry()
                .setRelease(unit("ladder")
                        .addRoutes(Route.newBuilder().setVersion(1).setWeight(100))
                        .addRoutes(Route.newBuilder().setVersion(2).setShadowPercent(5))
                        .setLadder(DegradationLadder.newBuilder().setFallbackVersion(2))
                        .build()));
        assertThat(shadow.message()).contains("no shadow");
    }

    @Test
    void refusesAFallbackThatReadsWhatTheOtherVersionsDoNot() {
        service.publish("misfit", TestPackages.sound("misfit", 1));
        service.publish("misfit", TestPackages.reading("misfit", "y", 2));
        service.publish("misfit", TestPackages.sound("misfit", 3));
        Failure failure = assertRefused(
                Status.Code.FAILED_PRECONDITION, "FALLBACK_INCOMPATIBLE", () -> withFallback("misfit", 2));
        assertThat(failure.message()).contains("2 in place of 1", "inputs y");
        assertThat(withFallback("misfit", 3).getLadder().getFallbackVersion()).isEqualTo(3);
    }

    private Release withFallback(String model, int fallback) {
        return service.registry()
                .setRelease(unit(model)
                        .addRoutes(Route.newBuilder().setVersion(1).setWeight(100))
                        .addRoutes(Route.newBuilder().setVersion(fallback))
                        .setLadder(DegradationLadder.newBuilder().setFallbackVersion(fallback))
                        .build())
                .getRelease();
    }

    private String ladderFault(DegradationLadder.Builder ladder, int other) {
        Failure failure = assertRefused(Status.Code.INVALID_ARGUMENT, "ROUTES_INVALID", () -> service.registry()
                .setRelease(unit("ladder")
                        .addRoutes(Route.newBuilder().setVersion(1).setWeight(100))
                        .addRoutes(Route.newBuilder().setVersion(other))
                        .setLadder(ladder)
                        .build()));
        return failure.violations().get(0).field();
    }

    private static SetReleaseRequest.Builder unit(String model) {
        return SetReleaseRequest.newBuilder().setModel(model).setActor("ann").setReason("test");
    }

    private static Release release(TestService via, String model, int expectedRevision, int... versionsAndWeights) {
        SetReleaseRequest.Builder request = SetReleaseRequest.newBuilder()
                .setModel(model)
                .setExpectedRevision(expectedRevision)
                .setActor("ann")
                .setReason("test");
        for (int i = 0; i < versionsAndWeights.length; i += 2) {
            request.addRoutesBuilder().setVersion(versionsAndWeights[i]).setWeight(versionsAndWeights[i + 1]);
        }
        return via.registry().setRelease(request.build()).getRelease();
    }

    @Test
    void watchSendsAllAtOnceThenChangesOfBothReplicasWithinASecond() throws Exception {
        service.publish("watched", TestPackages.sound("watched", 1));
        ModelVersion second = service.publish("watched", TestPackages.sound("watched", 2));
        release(service, "watched", 0, 1, 100);
        BlockingClientCall<?, WatchReleasesResponse> watch = ModelRegistryServiceGrpc.newBlockingV2Stub(service.channel)
                .watchReleases(WatchReleasesRequest.getDefaultInstance());
        Release seen = null;
        for (boolean isComplete = false; !isComplete; ) {
            WatchReleasesResponse message = watch.read(2, TimeUnit.SECONDS);
            isComplete = message.getIsComplete();
            seen = of("watched", message, seen);
        }
        assertThat(seen.getRevision()).isEqualTo(1);

        for (TestService via : List.of(service, replica)) {
            int revision = seen.getRevision();
            release(via, "watched", revision, 2, 100);
            long releasedNanos = System.nanoTime();
            while (seen.getRevision() == revision) {
                WatchReleasesResponse message = watch.read(2, TimeUnit.SECONDS);
                seen = of("watched", message, seen);
                if (seen.getRevision() > revision) {
                    assertThat(message.getVersionsMap().get("watched@2").getDigest())
                            .isEqualTo(second.getDigest());
                }
            }
            assertThat(System.nanoTime() - releasedNanos).isLessThan(1_000_000_000L);
        }
        watch.cancel("done", null);
    }

    private static Release of(String model, WatchReleasesResponse message, Release before) {
        return message.getReleasesList().stream()
                .filter(release -> release.getModel().equals(model))
                .findFirst()
                .orElse(before);
    }

    @Test
    void watchBeatsWithoutChangesAndLeavesNothingWhenCancelled() throws Exception {
        var registry = ModelRegistryServiceGrpc.newBlockingV2Stub(replica.channel);
        BlockingClientCall<?, WatchReleasesResponse> one =
                registry.watchReleases(WatchReleasesRequest.getDefaultInstance());
        BlockingClientCall<?, WatchReleasesResponse> two =
                registry.watchReleases(WatchReleasesRequest.getDefaultInstance());
        assertThat(one.read(2, TimeUnit.SECONDS)).isNotNull();
        assertThat(two.read(2, TimeUnit.SECONDS)).isNotNull();
        Throwable refused = catchThrowable(() -> replica.registry()
                .watchReleases(WatchReleasesRequest.getDefaultInstance())
                .next());
        assertThat(((StatusRuntimeException) refused).getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);

        boolean hasBeaten = false;
        for (int i = 0; i < 20 && !hasBeaten; i++) {
            hasBeaten = one.read(10, TimeUnit.SECONDS).getReleasesCount() == 0;
        }
        assertThat(hasBeaten).isTrue();

        one.cancel("done", null);
        two.cancel("done", null);
        var watchers = replica.telemetry
                .meters()
                .get("training_watchers")
                .tag("kind", "releases")
                .gauge();
        for (int i = 0; i < 100 && watchers.value() > 0; i++) {
            Thread.sleep(20);
        }
        assertThat(watchers.value()).isZero();
    }
}
