package io.foresell.training;

import static io.foresell.training.TestService.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.foresell.proto.registry.v1.DownloadPackageRequest;
import io.foresell.proto.registry.v1.GetReportRequest;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.types.Binary;
import org.junit.jupiter.api.Test;

/** Which packages the registry takes, and how it gives them and their reports back. */
final class RegistryPackagesTest extends TwoReplicas {
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
                store.uri(), scratch, TestService.NO_TRAINER, Map.of("registry.max-package-bytes", "1024"))) {
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

    private byte[] report(String model, int version) {
        return replica.registry()
                .getReport(GetReportRequest.newBuilder()
                        .setModel(model)
                        .setVersion(version)
                        .build())
                .getHtml()
                .toByteArray();
    }
}
