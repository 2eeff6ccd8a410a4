package io.foresell.model.pack;

import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The zip around a package. Written: fixed order and time, stored, not compressed (the output of a compressor differs
 * between JDKs, and the bytes are the identity). Read: compressed entries too, nothing ever unpacked to disk, and no
 * entry beyond its bound.
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
    private static final int END_RECORD_BYTES = 22;
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

    /** Returns the entries that scoring needs; the files in source/ are checked and skipped. */
    static Map<String, byte[]> read(byte[] archive) {
        if (archive.length > MAX_PACKAGE_BYTES) {
            throw new PackageException(
                    Reason.TOO_LARGE,
                    "package: %d bytes (expected: at most %d)".formatted(archive.length, MAX_PACKAGE_BYTES));
        }
        int announced = announcedEntries(archive);
        Map<String, byte[]> entries = new LinkedHashMap<>();
        int count = 0;
        long total = 0;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (++count > MAX_ENTRIES) {
                    throw new PackageException(
                            Reason.TOO_LARGE,
                            "package: more than %d entries (expected: at most that)".formatted(MAX_ENTRIES));
                }
                String name = entry.getName();
                long limit = Math.min(limit(name), MAX_PACKAGE_BYTES - total);
                byte[] content = content(zip, name, limit);
                total += content.length;
                if (entries.put(name, name.startsWith(SOURCE) ? new byte[0] : content) != null) {
                    throw archive("entry %s: given twice".formatted(name));
                }
            }
        } catch (EOFException e) {
            throw archive("entry %d: cut off (expected: a complete file)".formatted(count));
        } catch (ZipException e) {
            throw archive("entry %d: %s".formatted(count, String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException e) {
            // Thrown by the JDK for names that are not UTF-8.
            throw new PackageException(Reason.BAD_ENTRY_NAME, "entry %d: name is not UTF-8".formatted(count + 1), e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
        if (count != announced) {
            throw archive("%d entries found (expected: %d by the end record)".formatted(count, announced));
        }
        return entries;
    }

    private static PackageException archive(String detail) {
        return new PackageException(Reason.BAD_ARCHIVE, "package: " + detail);
    }

    /** Reads the end record, which a truncated file has lost, and returns its number of entries. */
    private static int announcedEntries(byte[] archive) {
        int end = archive.length - END_RECORD_BYTES;
        if (end < 0
                || archive[end] != 'P'
                || archive[end + 1] != 'K'
                || archive[end + 2] != 5
                || archive[end + 3] != 6) {
            throw archive("%d bytes without an end record (expected: a complete zip file)".formatted(archive.length));
        }
        return (archive[end + 10] & 0xff) | (archive[end + 11] & 0xff) << 8;
    }

    /** Returns how large an entry of this name may be; refuses names that no package has. */
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
                        .formatted(printable(name), MANIFEST, ONNX, REASONS, GOLDEN, SOURCE));
    }

    private static String printable(String name) {
        String cut = name.length() > 100 ? name.substring(0, 100) + "..." : name;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    /** Reads an entry, counting what really comes out, whatever its header says. */
    private static byte[] content(InputStream in, String name, long limit) throws IOException {
        byte[] content = in.readNBytes((int) Math.min(limit + 1, Integer.MAX_VALUE - 8));
        if (content.length > limit) {
            throw new PackageException(
                    Reason.TOO_LARGE, "entry %s: above %d bytes (expected: at most that)".formatted(name, limit));
        }
        return content;
    }
}
