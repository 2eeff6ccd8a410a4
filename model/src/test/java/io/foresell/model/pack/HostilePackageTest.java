package io.foresell.model.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
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
    void refusesJsonThatReadersDifferAbout() {
        assertThat(refusal(withText("manifest.json", "\"task\"", "\"model\": \"other\", \"task\"")))
                .hasMessageContaining("name model: given twice");
        assertThat(refusal(withText("manifest.json", "\"task\"", "\"m\\u006fdel\": \"other\", \"task\"")))
                .hasMessageContaining("name model: given twice");
        assertThat(refusal(withText("manifest.json", "0.6", "NaN"))).hasMessageContaining("go in quotes");
        assertThat(refusal(withText("manifest.json", "0.6", "-Infinity"))).hasMessageContaining("go in quotes");
        assertThat(refusal(withText("manifest.json", "0.6", "0x1"))).hasMessageContaining("manifest.json: character");
        assertThat(refusal(withText("manifest.json", "0.6", "01"))).hasMessageContaining("manifest.json: character");
        assertThat(refusal(withText("manifest.json", "\"task\"", "// a comment\n\"task\"")))
                .hasMessageContaining("a name in quotes");
        assertThat(refusal(withText("manifest.json", "\"task\"", "'task'"))).hasMessageContaining("a name in quotes");
        assertThat(refusal(withText("manifest.json", "churn", "\\ud800"))).hasMessageContaining("surrogate");
        assertThat(refusal(withText("manifest.json", "churn", "\n"))).hasMessageContaining("control character");
        assertThat(refusal(withText("manifest.json", "churn", "\\x"))).hasMessageContaining("an escape of JSON");
        byte[] sound = entries().getOrDefault("manifest.json", new byte[0]);
        assertThat(refusal(with(
                        "manifest.json",
                        (new String(sound, StandardCharsets.UTF_8) + "{}").getBytes(StandardCharsets.UTF_8))))
                .hasMessageContaining("more after the value");
        assertThat(refusal(with(
                                "manifest.json",
                                ("\ufeff" + new String(sound, StandardCharsets.UTF_8))
                                        .getBytes(StandardCharsets.UTF_8)))
                        .reason())
                .isEqualTo(Reason.BAD_MANIFEST);
        assertThat(refusal(with("manifest.json", new byte[] {'"', (byte) 0xff, '"'})))
                .hasMessageContaining("UTF-8");
    }

    @Test
    void refusesJsonThatWouldFillTheMemory() {
        for (String bomb : new String[] {"[", "{\"a\":", "[{\"a\":[["}) {
            assertThat(refusal(withText("manifest.json", "\"task\"", "\"later\": " + bomb.repeat(1 << 20))))
                    .hasMessageContaining("deep");
        }
        assertThat(refusal(withText(
                        "manifest.json", "\"task\"", "\"later\": [" + "[],".repeat(5 << 20) + "[]], \"task\"")))
                .hasMessageContaining("more than 2000000 values");
        assertThat(refusal(with("golden.jsonl", "{}\n".repeat(5 << 20).getBytes(StandardCharsets.UTF_8)))
                        .reason())
                .isEqualTo(Reason.BAD_GOLDEN);
    }

    @Test
    void refusesNumbersThatTakeForever() {
        String digits = "7".repeat(8 << 20);
        for (String number : new String[] {digits, "\"" + digits + "\"", "1e" + digits, "0." + digits}) {
            assertThat(refusal(withText("manifest.json", "0.6", number)))
                    .hasMessageContaining("characters (expected: at most");
        }
        for (String number : new String[] {"1e999999999", "-1e999999999", "\"1e-999999999999\"", "1e2147483648"}) {
            assertThat(refusal(withText("manifest.json", "\"width\": 1", "\"width\": " + number))
                            .reason())
                    .isEqualTo(Reason.BAD_MANIFEST);
        }
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
