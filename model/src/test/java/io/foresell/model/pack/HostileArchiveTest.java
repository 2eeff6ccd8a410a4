package io.foresell.model.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** Zip files that two tools would read differently, or that unpack to more than they say, are refused. */
class HostileArchiveTest {
    private static final int LOCAL = 0;
    private static final int DIRECTORY = 1;

    /** A zip file whose headers can be made to lie. */
    private static final class Forge {
        private final ByteBuffer data = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        private final ByteBuffer directory = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        private final List<Integer> headers = new ArrayList<>();
        private final List<Integer> records = new ArrayList<>();
        private int directoryFrom;
        private int end;

        Forge add(String name, int method, byte[] packed, int plainBytes, int crc) {
            byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
            int header = data.position();
            headers.add(header);
            records.add(directory.position());
            data.putInt(0x04034b50).putShort((short) 20);
            directory.putInt(0x02014b50).putShort((short) (3 << 8 | 20)).putShort((short) 20);
            for (ByteBuffer each : List.of(data, directory)) {
                each.putShort((short) 0).putShort((short) method).putInt(0x21 << 16);
                each.putInt(crc).putInt(packed.length).putInt(plainBytes);
                each.putShort((short) nameBytes.length).putShort((short) 0);
            }
            data.put(nameBytes).put(packed);
            directory.putShort((short) 0).putShort((short) 0).putShort((short) 0);
            directory.putInt(0x81a4 << 16).putInt(header).put(nameBytes);
            return this;
        }

        Forge stored(String name, byte[] content) {
            return add(name, 0, content, content.length, crc(content));
        }

        Forge deflated(String name, byte[] content) {
            return add(name, 8, deflate(content), content.length, crc(content));
        }

        Forge descriptor(byte[] content, boolean isSigned) {
            if (isSigned) {
                data.putInt(0x08074b50);
            }
            data.putInt(crc(content)).putInt(deflate(content).length).putInt(content.length);
            return this;
        }

        /** Returns the file, edited at the last moment: places of headers, records and the end are known then. */
        byte[] finish(Consumer<Forge> edit) {
            directoryFrom = data.position();
            data.put(directory.array(), 0, directory.position());
            end = data.position();
            data.putInt(0x06054b50).putInt(0).putShort((short) headers.size()).putShort((short) headers.size());
            data.putInt(end - directoryFrom).putInt(directoryFrom).putShort((short) 0);
            edit.accept(this);
            return Arrays.copyOf(data.array(), data.position());
        }

        byte[] finish() {
            return finish(forge -> {});
        }

        /** Sets a field of an entry, offsets counted as in a directory record. */
        void set(int where, int entry, int directoryOffset, int bytes, long value) {
            int at = where == DIRECTORY
                    ? directoryFrom + records.get(entry) + directoryOffset
                    : headers.get(entry) + directoryOffset - 2;
            put(at, bytes, value);
        }

        void put(int at, int bytes, long value) {
            for (int i = 0; i < bytes; i++) {
                data.put(at + i, (byte) (value >>> (8 * i)));
            }
        }
    }

    private static int crc(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return (int) crc.getValue();
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(content);
        deflater.finish();
        byte[] packed = new byte[content.length + 100];
        int length = deflater.deflate(packed);
        deflater.end();
        return Arrays.copyOf(packed, length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertRefused(byte[] archive, Reason reason, String message) {
        PackageException refusal = catchThrowableOfType(PackageException.class, () -> Entries.read(archive));
        assertThat(refusal).as(message).isNotNull().hasMessageContaining(message);
        assertThat(refusal.reason()).as(message).isEqualTo(reason);
    }

    /** Sets the same field of the first entry in its header and in the directory. */
    private static byte[] both(Forge forge, int directoryOffset, int bytes, long value) {
        return forge.finish(made -> {
            made.set(LOCAL, 0, directoryOffset, bytes, value);
            made.set(DIRECTORY, 0, directoryOffset, bytes, value);
        });
    }

    private static Forge two() {
        return new Forge().stored("manifest.json", bytes("{}")).deflated("golden.jsonl", bytes("{}{}{}{}{}{}"));
    }

    @Test
    void readsStoredAndDeflatedEntries() {
        assertThat(Entries.read(two().finish()))
                .containsEntry("manifest.json", bytes("{}"))
                .containsEntry("golden.jsonl", bytes("{}{}{}{}{}{}"));
    }

    @Test
    void readsSizesThatFollowTheData() throws IOException {
        byte[] content = bytes("{}{}{}{}{}{}");
        for (boolean isSigned : new boolean[] {true, false}) {
            byte[] archive = new Forge()
                    .deflated("manifest.json", content)
                    .descriptor(content, isSigned)
                    .stored("golden.jsonl", content)
                    .finish(forge -> {
                        forge.set(LOCAL, 0, 8, 2, 1 << 3);
                        forge.set(DIRECTORY, 0, 8, 2, 1 << 3);
                        forge.set(LOCAL, 0, 16, 4, 0);
                        forge.set(LOCAL, 0, 20, 4, 0);
                        forge.set(LOCAL, 0, 24, 4, 0);
                    });
            assertThat(Entries.read(archive))
                    .containsEntry("manifest.json", content)
                    .hasSize(2);
        }
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(written)) {
            zip.putNextEntry(new ZipEntry("model.onnx"));
            zip.write(content);
        }
        assertThat(Entries.read(written.toByteArray())).containsEntry("model.onnx", content);
    }

    @Test
    void refusesDescriptorThatLies() {
        byte[] content = bytes("{}{}{}{}{}{}");
        byte[] archive = new Forge()
                .deflated("manifest.json", content)
                .descriptor(bytes("{}{}{}{}{}{!"), true)
                .finish(forge -> {
                    forge.set(LOCAL, 0, 8, 2, 1 << 3);
                    forge.set(DIRECTORY, 0, 8, 2, 1 << 3);
                });
        assertRefused(archive, Reason.BAD_ARCHIVE, "descriptor differs");
    }

    @Test
    void refusesHeadersThatContradictTheDirectory() {
        int[][] fields = {{10, 2}, {16, 4}, {20, 4}, {24, 4}, {28, 2}};
        for (int[] field : fields) {
            byte[] archive = two().finish(forge -> forge.set(LOCAL, 1, field[0], field[1], 7));
            assertRefused(archive, Reason.BAD_ARCHIVE, "differs from the directory");
        }
        byte[] otherName = two().finish(forge -> forge.put(forge.headers.get(0) + 30, 1, 'n'));
        assertRefused(otherName, Reason.BAD_ARCHIVE, "differs from the directory");
    }

    @Test
    void refusesWrongSizesAndChecksums() {
        assertRefused(both(two(), 16, 4, 7), Reason.BAD_ARCHIVE, "checksum a3a6bf43 (expected: 00000007)");
        assertRefused(both(two(), 24, 4, 3), Reason.BAD_ARCHIVE, "3 bytes out of 2");
        assertRefused(both(two(), 20, 4, 1), Reason.BAD_ARCHIVE, "1 (expected: what its method");
        assertRefused(both(two(), 20, 4, 0xffffffffL), Reason.BAD_ARCHIVE, "4294967295 bytes (expected: at most");
        byte[] content = bytes("{}{}{}{}{}{}");
        for (int lie : new int[] {content.length - 1, content.length + 1}) {
            byte[] archive = new Forge()
                    .add("manifest.json", 8, deflate(content), lie, crc(content))
                    .finish();
            assertRefused(archive, Reason.BAD_ARCHIVE, "bytes (expected: " + lie);
        }
        byte[] padded = Arrays.copyOf(deflate(content), deflate(content).length + 5);
        assertRefused(
                new Forge()
                        .add("manifest.json", 8, padded, content.length, crc(content))
                        .finish(),
                Reason.BAD_ARCHIVE,
                "12 bytes (expected: 12)");
        assertRefused(
                new Forge().add("manifest.json", 8, bytes("no deflate"), 12, 0).finish(),
                Reason.BAD_ARCHIVE,
                "deflated");
    }

    @Test
    void refusesOverlapsAndGaps() {
        // Both entries of the directory point at the first one's data: a quine-like bomb needs it.
        byte[] overlap = new Forge()
                .stored("manifest.json", bytes("{}"))
                .stored("manifest.json", bytes("{}"))
                .finish(forge -> forge.set(DIRECTORY, 1, 42, 4, 0));
        assertRefused(overlap, Reason.BAD_ARCHIVE, "entries follow each other");
        byte[] sound = two().finish();
        byte[] prefixed = new byte[sound.length + 10];
        System.arraycopy(sound, 0, prefixed, 10, sound.length);
        assertRefused(prefixed, Reason.BAD_ARCHIVE, "end record");
        byte[] hidden = new Forge()
                .stored("manifest.json", bytes("{}"))
                .stored("golden.jsonl", bytes("{}"))
                .finish(forge -> {
                    // Only the first entry is listed: tools that walk the headers would see two.
                    forge.put(forge.end + 8, 2, 1);
                    forge.put(forge.end + 10, 2, 1);
                });
        assertRefused(hidden, Reason.BAD_ARCHIVE, "belong to no entry");
    }

    @Test
    void refusesBytesAfterTheEnd() {
        byte[] sound = two().finish();
        assertRefused(Arrays.copyOf(sound, sound.length + 1), Reason.BAD_ARCHIVE, "without an end record");
        byte[] commented = two().finish(forge -> {
            forge.put(forge.end + 20, 2, 5);
            forge.data.put(bytes("hello"));
        });
        assertRefused(commented, Reason.BAD_ARCHIVE, "without an end record");
    }

    @Test
    void refusesZip64AndSeveralFiles() {
        assertRefused(two().finish(forge -> forge.put(forge.end + 16, 4, 0xffffffffL)), Reason.BAD_ARCHIVE, "zip64");
        assertRefused(two().finish(forge -> forge.put(forge.end + 4, 2, 1)), Reason.BAD_ARCHIVE, "one file");
        assertRefused(two().finish(forge -> forge.put(forge.end + 8, 2, 1)), Reason.BAD_ARCHIVE, "one file");
        assertRefused(two().finish(forge -> forge.put(forge.end + 10, 2, 65_535)), Reason.BAD_ARCHIVE, "one file");
        byte[] many = two().finish(forge -> {
            forge.put(forge.end + 8, 2, 65_535);
            forge.put(forge.end + 10, 2, 65_535);
        });
        assertRefused(many, Reason.TOO_LARGE, "65535 entries (expected: at most 24)");
    }

    @Test
    void refusesEncryptionOtherMethodsAndLinks() {
        assertRefused(both(two(), 8, 2, 1), Reason.BAD_ARCHIVE, "not encrypted");
        assertRefused(both(two(), 10, 2, 14), Reason.BAD_ARCHIVE, "method 14");
        byte[] link = two().finish(forge -> forge.set(DIRECTORY, 0, 38, 4, 0xa1ff0000L));
        assertRefused(link, Reason.BAD_ARCHIVE, "file type 120000, e.g. a link");
    }

    @Test
    void refusesNamesGivenTwice() {
        assertRefused(
                new Forge()
                        .stored("manifest.json", bytes("{}"))
                        .stored("manifest.json", bytes("[]"))
                        .finish(),
                Reason.BAD_ARCHIVE,
                "given twice");
        assertRefused(
                new Forge()
                        .stored("source/a", bytes("{}"))
                        .stored("source/A", bytes("[]"))
                        .finish(),
                Reason.BAD_ARCHIVE,
                "given twice");
    }

    @Test
    void refusesNamesInOtherScripts() {
        // A fullwidth full stop, a look-alike letter, and bytes that are no UTF-8.
        for (String name : new String[] {"source/\uff0e\uff0e", "m\u0430nifest.json", "source/x\u202egnp.exe", ""}) {
            assertRefused(new Forge().stored(name, bytes("{}")).finish(), Reason.BAD_ENTRY_NAME, "entry");
        }
        byte[] broken = two().finish(forge -> {
            forge.put(forge.headers.get(0) + 30, 1, 0xff);
            forge.put(forge.directoryFrom + 46, 1, 0xff);
        });
        assertRefused(broken, Reason.BAD_ENTRY_NAME, "not UTF-8");
    }

    @Test
    void refusesBombsByTheirAnnouncedSize() {
        byte[] zeros = new byte[900_000];
        // 17 MiB of JSON out of 900 bytes is announced: refused before a byte is unpacked.
        byte[] large = both(new Forge().deflated("manifest.json", zeros), 24, 4, 17 << 20);
        assertRefused(large, Reason.BAD_ARCHIVE, "out of");
        byte[] wide = new Forge()
                .add("manifest.json", 8, new byte[20_000], 17 << 20, 0)
                .finish();
        assertRefused(wide, Reason.TOO_LARGE, "entry manifest.json: 17825792 bytes (expected: at most 16777216)");
        Forge sum = new Forge();
        for (int i = 0; i < 3; i++) {
            sum.add("source/" + i, 8, new byte[131_000], 128 << 20, 0);
        }
        assertRefused(sum.finish(), Reason.TOO_LARGE, "entry source/2: 134217728 bytes (expected: at most 0)");
        // More than announced comes out: reading stops there.
        byte[] liar =
                new Forge().add("manifest.json", 8, deflate(zeros), 1000, 0).finish();
        assertRefused(liar, Reason.BAD_ARCHIVE, "above 1000 bytes");
    }

    @Test
    void refusesAnArchiveInAnArchive() {
        assertRefused(new Forge().stored("inner.zip", two().finish()).finish(), Reason.BAD_ENTRY_NAME, "inner.zip");
        byte[] asModel = new Forge().stored("model.onnx", two().finish()).finish();
        assertThat(Entries.read(asModel)).containsKey("model.onnx");
        assertThat(catchThrowableOfType(PackageException.class, () -> ModelPackage.read(asModel))
                        .reason())
                .isEqualTo(Reason.MISSING_ENTRY);
    }
}
