package io.foresell.model.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import io.foresell.model.scorer.UnsupportedOperatorException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class HostilePackageTest {
    private static final byte[] SOUND = PackageWriter.write(Packages.content(5));

    private static PackageException refusal(byte[] bytes) {
        PackageException refusal = catchThrowableOfType(
                PackageException.class, () -> LoadedPackage.load(bytes, "", LoadedPackage.COMPILED));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    private static Map<String, byte[]> entries() {
        return new LinkedHashMap<>(Entries.read(SOUND));
    }

    private static byte[] with(String name, byte[] content) {
        Map<String, byte[]> entries = entries();
        entries.put(name, content);
        return Entries.write(entries);
    }

    private static byte[] withText(String entry, String old, String replacement) {
        String text = new String(entries().get(entry), StandardCharsets.UTF_8);
        assertThat(text).contains(old);
        return with(entry, text.replace(old, replacement).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void refusesEveryTruncation() {
        for (int length = 0; length < SOUND.length; length += 1 + length / 200) {
            assertThat(refusal(Arrays.copyOf(SOUND, length)).reason()).isEqualTo(Reason.BAD_ARCHIVE);
        }
    }

    @Test
    void flippedBitsAreRefusedOrHarmless() {
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 1500; i++) {
            byte[] bytes = SOUND.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            refused += isRefused(bytes) ? 1 : 0;
        }
        // The rest hit the zip's own directory, times and unused fields; the digest still tells them apart.
        assertThat(refused).isGreaterThan(1000);
    }

    /** Any other exception fails the test. */
    private static boolean isRefused(byte[] bytes) {
        try {
            LoadedPackage.load(bytes, "", LoadedPackage.COMPILED);
            return false;
        } catch (PackageException | UnsupportedOperatorException e) {
            assertThat(e.getMessage()).isNotBlank();
            return true;
        }
    }

    @Test
    void mutatedPartsAreRefusedOrHarmless() {
        Random random = new Random(12);
        for (int i = 0; i < 2500; i++) {
            Map<String, byte[]> entries = entries();
            String name =
                    new String[] {"manifest.json", "model.onnx", "reasons.json", "golden.jsonl", "model.onnx"}[i % 5];
            byte[] content = entries.get(name).clone();
            for (int edit = random.nextInt(3); edit >= 0; edit--) {
                content[random.nextInt(content.length)] = (byte) random.nextInt(256);
            }
            entries.put(
                    name, random.nextInt(10) == 0 ? Arrays.copyOf(content, random.nextInt(content.length)) : content);
            // With fresh checksums, so that the parts themselves must be checked.
            isRefused(Entries.write(entries));
        }
    }

    @Test
    void refusesZipBomb() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("manifest.json"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 300; i++) {
                zip.write(zeros);
            }
            zip.closeEntry();
        }
        assertThat(bytes.size()).isLessThan(1 << 20);
        assertThat(refusal(bytes.toByteArray()).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void refusesTooManyEntries() {
        Map<String, byte[]> entries = entries();
        for (int i = 0; i < 100; i++) {
            entries.put("source/" + i, new byte[0]);
        }
        assertThat(refusal(Entries.write(entries)).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void refusesEntryNamesThatLeadElsewhere() {
        for (String name : new String[] {
            "../evil",
            "/etc/passwd",
            "source/../../evil",
            "source/a/b",
            "source/..",
            "source/",
            "source\\x",
            "MANIFEST.json",
            "C:x",
            "source/\u0000"
        }) {
            assertThat(refusal(with(name, new byte[1])).reason()).as(name).isEqualTo(Reason.BAD_ENTRY_NAME);
        }
    }

    @Test
    void refusesMissingParts() {
        for (String name : new String[] {"manifest.json", "model.onnx", "reasons.json", "golden.jsonl"}) {
            Map<String, byte[]> entries = entries();
            entries.remove(name);
            PackageException refusal = refusal(Entries.write(entries));
            assertThat(refusal.reason()).isEqualTo(Reason.MISSING_ENTRY);
            assertThat(refusal).hasMessageContaining(name);
        }
    }

    @Test
    void refusesNewerFormat() {
        PackageException refusal = refusal(withText("manifest.json", "\"formatVersion\": 1", "\"formatVersion\": 3"));
        assertThat(refusal.reason()).isEqualTo(Reason.NEWER_FORMAT);
        assertThat(refusal).hasMessageContaining("format_version: 3 (expected: 1..2");
    }

    @Test
    void acceptsUnknownFieldsOfTheSameFormat() {
        byte[] bytes = withText("manifest.json", "\"formatVersion\": 1", "\"formatVersion\": 1, \"laterField\": [3]");
        assertThat(LoadedPackage.load(bytes, "", LoadedPackage.COMPILED)).isNotNull();
    }

    @Test
    void refusesContradictions() {
        assertThat(refusal(withText("manifest.json", "binary", "ranking")).reason())
                .isEqualTo(Reason.BAD_MANIFEST);
        assertThat(refusal(withText("manifest.json", "0.6", "0.1")).reason()).isEqualTo(Reason.BAD_MANIFEST);
        assertThat(refusal(withText("manifest.json", "\"width\": 1", "\"width\": 2"))
                        .reason())
                .isIn(Reason.BAD_REASONS, Reason.BAD_MANIFEST);
        assertThat(refusal(withText("golden.jsonl", "\"numbers\":[", "\"numbers\":[1,"))
                        .reason())
                .isEqualTo(Reason.BAD_GOLDEN);
        assertThat(refusal(with("golden.jsonl", new byte[0])).reason()).isEqualTo(Reason.BAD_GOLDEN);
        assertThat(refusal(with("reasons.json", "{}".getBytes(StandardCharsets.UTF_8)))
                        .reason())
                .isEqualTo(Reason.BAD_REASONS);
        assertThat(refusal(with("manifest.json", "{".repeat(100_000).getBytes(StandardCharsets.UTF_8)))
                        .reason())
                .isEqualTo(Reason.BAD_MANIFEST);
        assertThat(refusal(with("model.onnx", new byte[] {1, 2, 3})).reason()).isEqualTo(Reason.BAD_GRAPH);
        assertThat(refusal(with("model.onnx", new byte[0])).reason()).isEqualTo(Reason.BAD_GRAPH);
    }

    @Test
    void writerRefusesWhatItCouldNotReadBack() {
        PackageContent content = Packages.content(6);
        PackageContent nameless = new PackageContent(
                content.manifest().toBuilder().clearModel().build(),
                content.onnx(),
                content.background(),
                content.goldenRows(),
                content.source());
        PackageException refusal = catchThrowableOfType(PackageException.class, () -> PackageWriter.write(nameless));
        assertThat(refusal.reason()).isEqualTo(Reason.BAD_MANIFEST);
    }
}
