package io.foresell.model.pack;

import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The zip around a package. Written: fixed order and time, stored, not compressed (the output of a compressor differs
 * between JDKs, and the bytes are the identity). Read: compressed entries too, nothing ever unpacked to disk, and no
 * entry of another name or beyond its bound.
 */
final class Entries {
    static final String MANIFEST = "manifest.json";
    static final String ONNX = "model.onnx";
    static final String REASONS = "reasons.json";
    static final String GOLDEN = "golden.jsonl";
    static final String SOURCE = "source/";
    static final Pattern SOURCE_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

    static final long MAX_PACKAGE_BYTES = 256L << 20;
    private static final long MAX_MODEL_BYTES = 64L << 20;
    private static final long MAX_SOURCE_BYTES = 128L << 20;
    private static final long MAX_JSON_BYTES = 16L << 20;
    private static final int MAX_ENTRIES = 24;
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private Entries() {}

    static byte[] write(Map<String, byte[]> entries) {
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                CRC32 crc = new CRC32();
                crc.update(entry.getValue());
                header.setMethod(ZipEntry.STORED);
                header.setSize(entry.getValue().length);
                header.setCrc(crc.getValue());
                header.setTimeLocal(TIME);
                zip.putNextEntry(header);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
            zip.finish();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
    }

    /** Returns the entries that scoring needs; the files in source/ are checked and left behind. */
    static Map<String, byte[]> read(byte[] archive) {
        if (archive.length > MAX_PACKAGE_BYTES) {
            throw new PackageException(
                    Reason.TOO_LARGE,
                    "package: %d bytes (expected: at most %d)".formatted(archive.length, MAX_PACKAGE_BYTES));
        }
        ZipArchive zip = ZipArchive.read(archive, MAX_ENTRIES);
        requireNamesAndSizes(zip.entries());
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (ZipArchive.Entry entry : zip.entries()) {
            byte[] content = zip.content(entry);
            if (!entry.name().startsWith(SOURCE)) {
                entries.put(entry.name(), content);
            }
        }
        return entries;
    }

    private static void requireNamesAndSizes(List<ZipArchive.Entry> entries) {
        Set<String> names = new HashSet<>();
        long total = 0;
        for (ZipArchive.Entry entry : entries) {
            long limit = Math.min(limit(entry.name()), MAX_PACKAGE_BYTES - total);
            if (entry.plainBytes() > limit) {
                throw new PackageException(
                        Reason.TOO_LARGE,
                        "entry %s: %d bytes (expected: at most %d)".formatted(entry.name(), entry.plainBytes(), limit));
            }
            total += entry.plainBytes();
            // Some file systems hold names that differ in case only to be the same.
            if (!names.add(entry.name().toLowerCase(Locale.ROOT))) {
                throw new PackageException(
                        Reason.BAD_ARCHIVE, "package: entry %s: given twice (expected: once)".formatted(entry.name()));
            }
        }
    }

    /** Refuses names that no package has; a name that passes is short and printable. */
    static void requireName(String name) {
        limit(name);
    }

    private static long limit(String name) {
        if (name.equals(MANIFEST) || name.equals(REASONS) || name.equals(GOLDEN)) {
            return MAX_JSON_BYTES;
        }
        boolean isSource = name.startsWith(SOURCE)
                && SOURCE_NAME.matcher(name.substring(SOURCE.length())).matches();
        if (name.equals(ONNX) || isSource) {
            return isSource ? MAX_SOURCE_BYTES : MAX_MODEL_BYTES;
        }
        throw new PackageException(
                Reason.BAD_ENTRY_NAME,
                "entry %s (expected: %s, %s, %s, %s or %s with a plain file name)"
                        .formatted(Json.shown(name), MANIFEST, ONNX, REASONS, GOLDEN, SOURCE));
    }
}
