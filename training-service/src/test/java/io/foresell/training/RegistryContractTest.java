package io.foresell.training;

import static io.foresell.training.TestService.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.foresell.proto.registry.v1.DownloadPackageRequest;
import io.foresell.proto.registry.v1.GetReportRequest;
import io.foresell.proto.registry.v1.GetVersionRequest;
import io.foresell.proto.registry.v1.ListAliasHistoryRequest;
import io.foresell.proto.registry.v1.ListModelsRequest;
import io.foresell.proto.registry.v1.ListReleasesRequest;
import io.foresell.proto.registry.v1.ListVersionsRequest;
import io.foresell.proto.registry.v1.Model;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.registry.v1.Release;
import io.foresell.proto.registry.v1.Route;
import io.foresell.proto.registry.v1.SetAliasRequest;
import io.foresell.proto.registry.v1.SetReleaseRequest;
import io.foresell.proto.registry.v1.WatchReleasesRequest;
import io.foresell.proto.registry.v1.WatchReleasesResponse;
import io.foresell.store.embedded.EmbeddedStore;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.types.Binary;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the registry promises on the wire, on a real store. Each test has a model of its own. */
final class RegistryContractTest {
    private static final EmbeddedStore STORE = EmbeddedStore.inMemory();

    @TempDir
    static Path scratch;

    private static TestService service;
    private static TestService replica;
    private static MongoClient mongo;

    @BeforeAll
    static void start() {
        service = new TestService(STORE.uri(), scratch, TestService.NO_TRAINER, Map.of());
        replica = new TestService(STORE.uri(), scratch, TestService.NO_TRAINER, Map.of("registry.max-watchers", "2"));
        mongo = MongoClients.create(STORE.uri());
    }

    @AfterAll
    static void stop() {
        mongo.close();
        replica.close();
        service.close();
        STORE.close();
    }

    private static MongoCollection<Document> collection(String name) {
        return mongo.getDatabase("test").getCollection(name);
    }

    @Test
    void publishedVersionIsDescribedListedAndNumbered() {
        ModelVersion first = service.publish("described", TestPackages.sound("described", 1));
        ModelVersion second = service.publish("described", TestPackages.sound("described", 2));

        assertThat(first.getVersion()).isEqualTo(1);
        assertThat(second.getVersion()).isEqualTo(2);
        assertThat(first.getDigest()).isEqualTo(TestPackages.digestOf(TestPackages.sound("described", 1)));
        assertThat(first.getAlgorithm()).isEqualTo("logistic_regression");
        assertThat(first.getEngine()).isEqualTo("compiled");
        assertThat(first.getFallbackReason()).isEmpty();
        assertThat(first.getJobId()).isEqualTo("job-of-test");
        assertThat(first.getEvaluation().getMetricsMap()).containsEntry("roc_auc", 0.75);
        assertThat(first.getParametersMap()).containsEntry("inverse_penalty", "1.0");
        assertThat(replica.registry()
                        .listVersions(ListVersionsRequest.newBuilder()
                                .setModel("described")
                                .build())
                        .getVersionsList())
                .containsExactly(second, first);
        assertThat(get("described", 1)).isEqualTo(first);
        Model model = replica.registry().listModels(ListModelsRequest.getDefaultInstance()).getModelsList().stream()
                .filter(each -> each.getName().equals("described"))
                .findFirst()
                .orElseThrow();
        assertThat(model.getLatestVersion()).isEqualTo(second);
        assertThat(model.getVersionCount()).isEqualTo(2);
        assertThat(model.hasRelease()).isFalse();
    }

    private static ModelVersion get(String model, int version) {
        return service.registry()
                .getVersion(GetVersionRequest.newBuilder()
                        .setModel(model)
                        .setVersion(version)
                        .build())
                .getVersion();
    }

    @Test
    void returnsTheReportThatLiesInThePackage() {
        byte[] page = "<!DOCTYPE html><p>\u00fcber churn</p>".getBytes(StandardCharsets.UTF_8);
        service.publish("reported", TestPackages.with("reported", Map.of("report.html", page)));
        service.publish("reported", TestPackages.sound("reported", 3));
        service.publish("reported", TestPackages.with("reported", Map.of("report.html", new byte[(8 << 20) + 1])));

        assertThat(report("reported", 1)).isEqualTo(page);
        assertThat(assertRefused(Status.Code.NOT_FOUND, "REPORT_NOT_FOUND", () -> report("reported", 2))
                        .message())
                .startsWith("report: 'reported@2' not found (expected: a version trained here");
        assertRefused(Status.Code.FAILED_PRECONDITION, "REPORT_TOO_LARGE", () -> report("reported", 3));
        assertRefused(Status.Code.NOT_FOUND, "VERSION_NOT_FOUND", () -> report("reported", 9));
    }

    private static byte[] report(String model, int version) {
        return replica.registry()
                .getReport(GetReportRequest.newBuilder()
                        .setModel(model)
                        .setVersion(version)
                        .build())
                .getHtml()
                .toByteArray();
    }

    @Test
    void samePackageAgainIsTheSameVersion() {
        byte[] packageBytes = TestPackages.sound("same", 1);
        ModelVersion first = service.publish("same", packageBytes);
        service.publish("same", TestPackages.sound("same", 2));

        assertThat(replica.publish("same", packageBytes)).isEqualTo(first);
        assertThat(storedFiles("same")).isEqualTo(2);
    }

    private static long storedFiles(String model) {
        return collection("registry_packages.files").countDocuments(Filters.eq("metadata.model", model));
    }

    @Test
    void concurrentPublicationsThroughTwoReplicasGetDistinctVersions() throws Exception {
        int count = 8;
        ExecutorService callers = Executors.newFixedThreadPool(count);
        try {
            List<Future<ModelVersion>> publications = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                TestService via = i % 2 == 0 ? service : replica;
                byte[] packageBytes = TestPackages.sound("crowded", i / 2.0 + 1 - (i % 2) * 0.25);
                publications.add(callers.submit(() -> via.publish("crowded", packageBytes)));
            }
            Set<Integer> versions = new HashSet<>();
            Set<String> digests = new HashSet<>();
            for (Future<ModelVersion> publication : publications) {
                ModelVersion version = publication.get(30, TimeUnit.SECONDS);
                versions.add(version.getVersion());
                digests.add(version.getDigest());
            }
            assertThat(versions).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8);
            assertThat(digests).hasSize(count);
        } finally {
            callers.shutdownNow();
        }
        assertThat(service.registry()
                        .listVersions(ListVersionsRequest.newBuilder()
                                .setModel("crowded")
                                .build())
                        .getVersionsList())
                .extracting(ModelVersion::getVersion)
                .containsExactly(8, 7, 6, 5, 4, 3, 2, 1);
    }

    @Test
    void concurrentPublicationsOfOnePackageAreOneVersion() throws Exception {
        byte[] packageBytes = TestPackages.sound("twins", 1);
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            List<Future<ModelVersion>> publications = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                TestService via = i % 2 == 0 ? service : replica;
                publications.add(callers.submit(() -> via.publish("twins", packageBytes)));
            }
            for (Future<ModelVersion> publication : publications) {
                assertThat(publication.get(30, TimeUnit.SECONDS).getVersion()).isEqualTo(1);
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(storedFiles("twins")).isEqualTo(1);
    }

    @Test
    void refusesPackagesThatAreNotSoundAndKeepsNothing() throws Exception {
        byte[] sound = TestPackages.sound("unsound", 1);
        byte[] cut = java.util.Arrays.copyOf(sound, sound.length - 40);
        assertRefused(
                Status.Code.DATA_LOSS, "DIGEST_MISMATCH", () -> service.publish("unsound", "a".repeat(64), sound));
        assertRefused(Status.Code.INVALID_ARGUMENT, "BAD_ARCHIVE", () -> service.publish("unsound", cut));
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                "GOLDEN_MISMATCH",
                () -> service.publish("unsound", TestPackages.withWrongGolden("unsound")));
        assertRefused(
                Status.Code.INVALID_ARGUMENT,
                "MODEL_NAME_DIFFERS",
                () -> service.publish("unsound", TestPackages.sound("other", 1)));
        assertRefused(Status.Code.INVALID_ARGUMENT, "NAME_INVALID", () -> service.publish("Un Sound", sound));
        assertRefused(Status.Code.INVALID_ARGUMENT, "DIGEST_INVALID", () -> service.publish("unsound", "AB", sound));

        assertRefused(Status.Code.NOT_FOUND, "MODEL_NOT_FOUND", () -> get("unsound", 1));
        assertThat(storedFiles("unsound")).isZero();
        try (Stream<Path> left = Files.list(scratch)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void refusesPackageAboveTheLimit() {
        try (TestService small = new TestService(
                STORE.uri(), scratch, TestService.NO_TRAINER, Map.of("registry.max-package-bytes", "1024"))) {
            assertRefused(
                    Status.Code.INVALID_ARGUMENT,
                    "PACKAGE_TOO_LARGE",
                    () -> small.publish("too_large", TestPackages.large("too_large", 300_000)));
        }
    }

    @Test
    void downloadGivesThePublishedBytesInBoundedChunks() throws Exception {
        byte[] packageBytes = TestPackages.large("download", 3_500_000);
        service.publish("download", packageBytes);
        List<Integer> sizes = new ArrayList<>();
        ByteString all = download(replica, "download", sizes);
        assertThat(all.toByteArray()).isEqualTo(packageBytes);
        assertThat(sizes).hasSizeGreaterThan(3).allMatch(size -> size <= 1 << 20);
    }

    private static ByteString download(TestService from, String model, List<Integer> sizes) {
        ByteString all = ByteString.EMPTY;
        Iterator<io.foresell.proto.registry.v1.DownloadPackageResponse> chunks = from.registry()
                .downloadPackage(DownloadPackageRequest.newBuilder()
                        .setModel(model)
                        .setVersion(1)
                        .build());
        while (chunks.hasNext()) {
            ByteString chunk = chunks.next().getChunk();
            sizes.add(chunk.size());
            all = all.concat(chunk);
        }
        return all;
    }

    @Test
    void damagedPackageIsDataLossNotBytes() {
        service.publish("damaged", TestPackages.large("damaged", 2_000_000));
        Document file = collection("registry_packages.files")
                .find(Filters.eq("metadata.model", "damaged"))
                .first();
        var chunks = collection("registry_packages.chunks");
        var firstChunk = Filters.and(Filters.eq("files_id", file.getObjectId("_id")), Filters.eq("n", 0));
        byte[] data = chunks.find(firstChunk).first().get("data", Binary.class).getData();
        data[5000] ^= 1;
        chunks.updateOne(firstChunk, Updates.set("data", new Binary(data)));
        assertRefused(Status.Code.DATA_LOSS, "PACKAGE_DAMAGED", () -> download(service, "damaged", new ArrayList<>()));
        chunks.deleteOne(firstChunk);
        assertRefused(Status.Code.DATA_LOSS, "PACKAGE_DAMAGED", () -> download(service, "damaged", new ArrayList<>()));
    }

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

    private static void alias(String model, int version, int expected) {
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

    @Test
    void versionOfATimeWhenEnginesWereNotKeptStaysReadable() {
        ModelVersion version = service.publish("elder", TestPackages.sound("elder", 1));
        collection("registry_versions")
                .updateOne(
                        Filters.eq("model", "elder"),
                        Updates.combine(Updates.unset("engine"), Updates.unset("fallback_reason")));
        assertThat(get("elder", 1)).isEqualTo(version.toBuilder().clearEngine().build());
    }

    @Test
    void historyOfACrashedWriterIsSeenAndRepaired() {
        service.publish("crashed", TestPackages.sound("crashed", 1));
        var models = collection("registry_models");
        var versions = collection("registry_versions");
        // As left by a process that died between deciding and copying out: the entry is in the journal only.
        Document version = versions.findOneAndDelete(Filters.eq("model", "crashed"));
        models.updateOne(
                Filters.eq("_id", "crashed"),
                Updates.set("journal", List.of(new Document("into", "registry_versions").append("document", version))));

        assertThat(get("crashed", 1).getVersion()).isEqualTo(1);
        assertThat(service.registry()
                        .listVersions(ListVersionsRequest.newBuilder()
                                .setModel("crashed")
                                .build())
                        .getVersionsList())
                .hasSize(1);
        assertThat(service.publish("crashed", TestPackages.sound("crashed", 1)).getVersion())
                .isEqualTo(1);
        assertThat(service.publish("crashed", TestPackages.sound("crashed", 2)).getVersion())
                .isEqualTo(2);
        assertThat(versions.countDocuments(Filters.eq("model", "crashed"))).isEqualTo(2);
    }
}
