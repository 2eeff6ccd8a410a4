package io.foresell.inference.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.ServiceException;
import io.foresell.model.pack.ModelPackage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache folder on a real disk. */
final class PackageStoreTest {
    @TempDir
    private Path folder;

    private static RoutedVersion version(int number, byte[] bytes) {
        return new RoutedVersion(number, 100, ModelPackage.digestOf(bytes), bytes.length);
    }

    private static byte[] bytes(int fill) {
        byte[] bytes = new byte[1000];
        Arrays.fill(bytes, (byte) fill);
        return bytes;
    }

    private static void write(PackageStore store, byte[] bytes) throws IOException {
        store.write(version(1, bytes), List.of(ByteBuffer.wrap(bytes)).iterator());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("lock"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void readsBackWhatItWroteInChunks() throws IOException {
        byte[] bytes = bytes(1);
        try (PackageStore store = PackageStore.open(folder, 1_000_000)) {
            store.write(
                    version(1, bytes),
                    List.of(ByteBuffer.wrap(bytes, 0, 400), ByteBuffer.wrap(bytes, 400, 600))
                            .iterator());
            assertThat(store.read(ModelPackage.digestOf(bytes))).hasValue(bytes);
        }
    }

    @Test
    void keepsNothingOfAWrongShortOrLongDownload() throws IOException {
        byte[] announced = bytes(1);
        try (PackageStore store = PackageStore.open(folder, 1_000_000)) {
            for (byte[] sent : List.of(bytes(2), new byte[999], new byte[1001], new byte[0])) {
                assertThatThrownBy(() -> store.write(
                                version(1, announced),
                                List.of(ByteBuffer.wrap(sent)).iterator()))
                        .isInstanceOfSatisfying(
                                ServiceException.class,
                                error -> assertThat(error.failure().reason()).isEqualTo("PACKAGE_CORRUPTED"));
            }
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void removesWhatAnInterruptedDownloadLeft() throws IOException {
        Files.write(folder.resolve("abc.part"), bytes(1));
        try (PackageStore store = PackageStore.open(folder, 1_000_000)) {
            assertThat(store.readReleases()).isEmpty();
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void remembersReleasesServedLast() throws IOException {
        List<Release> releases = List.of(
                new Release("churn", 7, List.of(new RoutedVersion(3, 100, "a".repeat(64), 5)), "salt"),
                new Release(
                        "uplift",
                        1,
                        List.of(
                                new RoutedVersion(1, 90, "b".repeat(64), 5),
                                new RoutedVersion(2, 10, "c".repeat(64), 5)),
                        ""));
        try (PackageStore store = PackageStore.open(folder, 1_000_000)) {
            store.writeReleases(releases);
        }
        try (PackageStore store = PackageStore.open(folder, 1_000_000)) {
            assertThat(store.readReleases()).isEqualTo(releases);
        }
    }

    @Test
    void startsEmptyFromAnUnreadableReleaseFile() throws IOException {
        Files.writeString(folder.resolve("releases.json"), "{\"releases\": [{\"model\": ");
        try (PackageStore store = PackageStore.open(folder, 1_000_000)) {
            assertThat(store.readReleases()).isEmpty();
        }
    }

    @Test
    void prunesOldestUnreleasedPackagesDownToTheBudget() throws IOException {
        try (PackageStore store = PackageStore.open(folder, 2500)) {
            for (int i = 1; i <= 4; i++) {
                write(store, bytes(i));
                Files.setLastModifiedTime(
                        folder.resolve(ModelPackage.digestOf(bytes(i)) + ".zip"), FileTime.fromMillis(i * 1000L));
            }
            store.prune(Set.of(ModelPackage.digestOf(bytes(1))));
            assertThat(store.read(ModelPackage.digestOf(bytes(1))))
                    .as("released")
                    .isPresent();
            assertThat(store.read(ModelPackage.digestOf(bytes(2)))).isEmpty();
            assertThat(store.read(ModelPackage.digestOf(bytes(3)))).isEmpty();
            assertThat(store.read(ModelPackage.digestOf(bytes(4)))).as("newest").isPresent();
        }
    }

    @Test
    void refusesAFolderInUse() throws IOException {
        try (PackageStore first = PackageStore.open(folder, 1_000_000)) {
            assertThat(first.readReleases()).isEmpty();
            assertThatThrownBy(() -> PackageStore.open(folder, 1_000_000))
                    .isInstanceOfSatisfying(
                            ServiceException.class,
                            error -> assertThat(error.failure().reason()).isEqualTo("CACHE_FOLDER_IN_USE"));
        }
    }

    @Test
    void refusesAFolderThatCannotBe() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> PackageStore.open(file.resolve("cache"), 1_000_000))
                .isInstanceOfSatisfying(ServiceException.class, error -> {
                    assertThat(error.failure().reason()).isEqualTo("CACHE_FOLDER_UNWRITABLE");
                    assertThat(error.failure().message()).contains(file.toString());
                });
    }

    @Test
    void refusesNamesThatWouldLeaveTheFolder() {
        assertThatThrownBy(() -> new RoutedVersion(1, 100, "../../etc/passwd", 5))
                .hasMessageContaining("64");
        assertThatThrownBy(() -> new Release("../x", 1, List.of(new RoutedVersion(1, 100, "a".repeat(64), 5)), ""))
                .hasMessageContaining("model: '../x'");
    }
}
