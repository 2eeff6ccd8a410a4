package io.foresell.model.pack;

import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A zip file in memory, read strictly (PKWARE APPNOTE 6.3.10, without zip64, encryption and comments): every byte belongs to
 * exactly one entry or to the directory, and the directory says the same as the headers before the entries. So there is one way
 * to read it, whichever tool reads. Nothing is unpacked before its announced size was checked.
 */
final class ZipArchive {
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int DIRECTORY_SIGNATURE = 0x02014b50;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int DESCRIPTOR_SIGNATURE = 0x08074b50;
    private static final int LOCAL_BYTES = 30;
    private static final int DIRECTORY_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int DESCRIPTOR_BYTES = 12;

    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int DESCRIPTOR_FLAG = 1 << 3;
    // Bits 1 and 2 say how hard the compressor tried, bit 11 that names are UTF-8.
    private static final int KNOWN_FLAGS = 1 << 1 | 1 << 2 | DESCRIPTOR_FLAG | 1 << 11;
    private static final int UNIX_HOST = 3;
    private static final int FILE_TYPE = 0xf000;
    private static final int PLAIN_FILE = 0x8000;
    /** Deflate cannot shrink further (zlib's technical notes: 1032 : 1). */
    private static final int MOST_SHRINKAGE = 1032;

    private final ByteBuffer bytes;
    private final List<Entry> entries = new ArrayList<>();

    /**
     * One file in the archive, its announced sizes not yet proven.
     *
     * @param from where its packed bytes start
     */
    record Entry(String name, int method, int crc, int packedBytes, int plainBytes, int from) {}

    private ZipArchive(byte[] archive) {
        this.bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads the directory; refuses more entries than allowed. */
    static ZipArchive read(byte[] archive, int maxEntries) {
        ZipArchive zip = new ZipArchive(archive);
        zip.readDirectory(maxEntries);
        return zip;
    }

    /** Returns the entries in the order of the file. */
    List<Entry> entries() {
        return entries;
    }

    private void readDirectory(int maxEntries) {
        int end = bytes.limit() - END_BYTES;
        if (end < 0 || bytes.getInt(end) != END_SIGNATURE || unsignedShort(end + 20) != 0) {
            throw bad("%d bytes without an end record (expected: a complete zip file)".formatted(bytes.limit()));
        }
        int count = unsignedShort(end + 10);
        int from = bytes.getInt(end + 16);
        boolean isWhole = bytes.getInt(end + 4) == 0 && unsignedShort(end + 8) == count;
        if (!isWhole || from < 0 || from > end || bytes.getInt(end + 12) != end - from) {
            throw bad(
                    "end record: directory of %d bytes from %d, %d entries (expected: it ends where the record starts, one file, no zip64)"
                            .formatted(
                                    Integer.toUnsignedLong(bytes.getInt(end + 12)),
                                    Integer.toUnsignedLong(from),
                                    count));
        }
        if (count > maxEntries) {
            throw new PackageException(
                    Reason.TOO_LARGE, "package: %d entries (expected: at most %d)".formatted(count, maxEntries));
        }
        int at = from;
        int data = 0;
        for (int i = 1; i <= count; i++) {
            if (end - at < DIRECTORY_BYTES || bytes.getInt(at) != DIRECTORY_SIGNATURE) {
                throw bad("directory ends before entry %d (expected: %d entries)".formatted(i, count));
            }
            data = readEntry(at, end, data, from);
            at += DIRECTORY_BYTES + unsignedShort(at + 28) + unsignedShort(at + 30);
        }
        if (at != end || data != from) {
            throw bad("%d bytes that belong to no entry (expected: 0)".formatted(end - at + from - data));
        }
    }

    /** Reads the entry whose directory record is at a place and whose header must be at another; returns where it ends. */
    private int readEntry(int at, int end, int header, int dataEnd) {
        int nameBytes = unsignedShort(at + 28);
        if (end - at - DIRECTORY_BYTES < nameBytes + unsignedShort(at + 30)) {
            throw bad("directory: name of %d bytes beyond its end".formatted(nameBytes));
        }
        String name = name(at + DIRECTORY_BYTES, nameBytes);
        Entries.requireName(name);
        requirePlainFile(name, at);
        int packed = bytes.getInt(at + 20);
        int plain = bytes.getInt(at + 24);
        if (bytes.getInt(at + 42) != header || dataEnd - header < LOCAL_BYTES) {
            throw bad("entry %s: at byte %d (expected: %d, entries follow each other)"
                    .formatted(name, Integer.toUnsignedLong(bytes.getInt(at + 42)), header));
        }
        requireSameHeader(name, at, header);
        long from = (long) header + LOCAL_BYTES + nameBytes + unsignedShort(header + 28);
        if (packed < 0 || plain < 0 || from + packed > dataEnd) {
            throw bad("entry %s: %d bytes (expected: at most %d, what is left of the file)"
                    .formatted(name, Integer.toUnsignedLong(packed), Math.max(0, dataEnd - from)));
        }
        if (unsignedShort(at + 10) == STORED ? plain != packed : plain > (long) packed * MOST_SHRINKAGE) {
            throw bad("entry %s: %d bytes out of %d (expected: what its method can unpack)"
                    .formatted(name, plain, packed));
        }
        entries.add(new Entry(name, unsignedShort(at + 10), bytes.getInt(at + 16), packed, plain, (int) from));
        int dataTo = (int) from + packed;
        return (unsignedShort(at + 8) & DESCRIPTOR_FLAG) == 0 ? dataTo : afterDescriptor(name, at, dataTo, dataEnd);
    }

    private void requirePlainFile(String name, int at) {
        int flags = unsignedShort(at + 8);
        int method = unsignedShort(at + 10);
        if ((flags & ~KNOWN_FLAGS) != 0 || (method != STORED && method != DEFLATED)) {
            throw bad("entry %s: method %d, flags %s (expected: stored or deflated, not encrypted)"
                    .formatted(name, method, Integer.toHexString(flags)));
        }
        int type = bytes.getInt(at + 38) >>> 16 & FILE_TYPE;
        boolean isUnix = unsignedShort(at + 4) >>> 8 == UNIX_HOST;
        if (isUnix && type != 0 && type != PLAIN_FILE) {
            throw bad("entry %s: file type %s, e.g. a link (expected: a plain file)"
                    .formatted(name, Integer.toOctalString(type)));
        }
        if (unsignedShort(at + 32) != 0 || unsignedShort(at + 34) != 0) {
            throw bad("entry %s: a comment or another disk (expected: neither)".formatted(name));
        }
    }

    /** Compares a directory record with the header before the entry; with a descriptor that header may leave sizes at 0. */
    private void requireSameHeader(String name, int at, int header) {
        boolean isDeferred = (unsignedShort(at + 8) & DESCRIPTOR_FLAG) != 0;
        boolean isSame = bytes.getInt(header) == LOCAL_SIGNATURE
                && unsignedShort(header + 6) == unsignedShort(at + 8)
                && unsignedShort(header + 8) == unsignedShort(at + 10)
                && unsignedShort(header + 26) == unsignedShort(at + 28);
        for (int field = 0; field < 3 && isSame; field++) {
            int value = bytes.getInt(header + 14 + field * 4);
            isSame = value == bytes.getInt(at + 16 + field * 4) || (isDeferred && value == 0);
        }
        int length = unsignedShort(at + 28);
        if (!isSame || !isSameName(at + DIRECTORY_BYTES, header + LOCAL_BYTES, length)) {
            throw bad("entry %s: its header differs from the directory (expected: the same facts)".formatted(name));
        }
    }

    private boolean isSameName(int one, int other, int length) {
        return other + length <= bytes.limit() && bytes.slice(one, length).equals(bytes.slice(other, length));
    }

    /** Returns the end of the descriptor after the data of an entry: checksum and both sizes again. */
    private int afterDescriptor(String name, int at, int dataTo, int dataEnd) {
        boolean isSigned = dataEnd - dataTo >= 4 && bytes.getInt(dataTo) == DESCRIPTOR_SIGNATURE;
        int from = isSigned ? dataTo + 4 : dataTo;
        boolean isSame = dataEnd - from >= DESCRIPTOR_BYTES;
        for (int field = 0; field < 3 && isSame; field++) {
            isSame = bytes.getInt(from + field * 4) == bytes.getInt(at + 16 + field * 4);
        }
        if (!isSame) {
            throw bad("entry %s: its descriptor differs from the directory (expected: the same facts)".formatted(name));
        }
        return from + DESCRIPTOR_BYTES;
    }

    private String name(int from, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(bytes.slice(from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PackageException(
                    Reason.BAD_ENTRY_NAME, "entry %d: name is not UTF-8".formatted(entries.size() + 1), e);
        }
    }

    private int unsignedShort(int at) {
        return Short.toUnsignedInt(bytes.getShort(at));
    }

    /** Returns the content of an entry; its checksum and size are proven. */
    byte[] content(Entry entry) {
        byte[] packed = bytes.array();
        byte[] content = entry.method() == STORED
                ? Arrays.copyOfRange(packed, entry.from(), entry.from() + entry.packedBytes())
                : inflated(entry);
        CRC32 crc = new CRC32();
        crc.update(content);
        if ((int) crc.getValue() != entry.crc()) {
            throw bad("entry %s: checksum %08x (expected: %08x)".formatted(entry.name(), crc.getValue(), entry.crc()));
        }
        return content;
    }

    private byte[] inflated(Entry entry) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(bytes.array(), entry.from(), entry.packedBytes());
            byte[] content = new byte[entry.plainBytes()];
            int length = 0;
            while (length < content.length) {
                int count = inflater.inflate(content, length, content.length - length);
                if (count == 0) {
                    break;
                }
                length += count;
            }
            // The end of the stream may only be seen when more room is offered than it needs.
            boolean isMore = length == content.length && inflater.inflate(new byte[1]) > 0;
            if (length < content.length || isMore || !inflater.finished() || inflater.getRemaining() > 0) {
                throw bad("entry %s: %s%d bytes (expected: %d)"
                        .formatted(entry.name(), isMore ? "above " : "", length, entry.plainBytes()));
            }
            return content;
        } catch (DataFormatException e) {
            throw bad("entry %s: %s (expected: a deflated stream)".formatted(entry.name(), e.getMessage()));
        } finally {
            inflater.end();
        }
    }

    private static PackageException bad(String detail) {
        return new PackageException(Reason.BAD_ARCHIVE, "package: " + detail);
    }
}
