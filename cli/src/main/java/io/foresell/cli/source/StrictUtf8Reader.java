package io.foresell.cli.source;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes UTF-8 and refuses anything else with the byte and line at fault, instead of replacing it silently. A byte order
 * mark at the start is skipped. Not thread-safe; owns its stream.
 */
final class StrictUtf8Reader extends Reader {
    private static final int BUFFER_BYTES = 1 << 16;

    private final String source;
    private final InputStream in;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private long decodedBytes;
    private long line = 1;
    private boolean isAtEnd;
    private boolean isAtStart = true;

    StrictUtf8Reader(String source, InputStream in) {
        this.source = source;
        this.in = in;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        CharBuffer chars = CharBuffer.wrap(target, offset, length).slice();
        while (chars.position() == 0) {
            if (!isAtEnd && bytes.remaining() < 4) {
                fill();
            }
            if (isAtEnd && !bytes.hasRemaining()) {
                return -1;
            }
            decode(chars);
            dropByteOrderMark(chars);
        }
        int count = chars.position();
        for (int i = offset; i < offset + count; i++) {
            line += target[i] == '\n' ? 1 : 0;
            if (target[i] == 0) {
                throw binary();
            }
        }
        return count;
    }

    private void fill() throws IOException {
        bytes.compact();
        while (bytes.position() < 4 && !isAtEnd) {
            int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
            if (read < 0) {
                isAtEnd = true;
            } else {
                bytes.position(bytes.position() + read);
            }
        }
        bytes.flip();
    }

    private void decode(CharBuffer chars) {
        int before = bytes.position();
        CoderResult result = decoder.decode(bytes, chars, isAtEnd);
        decodedBytes += bytes.position() - before;
        boolean isStuck = result.isOverflow() && chars.position() == 0; // a surrogate pair needs two places
        if (isStuck) {
            throw new IllegalArgumentException("read of fewer than 2 characters");
        }
        if (result.isError() && chars.position() == 0) {
            throw notUtf8();
        }
    }

    private void dropByteOrderMark(CharBuffer chars) {
        if (isAtStart && chars.position() > 0) {
            isAtStart = false;
            if (chars.get(0) == '\uFEFF') {
                chars.flip().position(1);
                chars.compact();
            }
        }
    }

    private ServiceException binary() {
        String message =
                "%s: line %d holds a NUL character (expected: UTF-8 text; it looks like UTF-16 or a binary file)"
                        .formatted(source, line);
        return new ServiceException(Failure.invalid("NOT_UTF8", message).with("line", Long.toString(line)));
    }

    private ServiceException notUtf8() {
        int wrong = bytes.get(bytes.position()) & 0xff;
        String hint = decodedBytes == 0 && (wrong == 0xff || wrong == 0xfe)
                ? "it looks like UTF-16, save it as UTF-8"
                : "convert it first, e.g. iconv -f WINDOWS-1252 -t UTF-8";
        String message = "%s: byte 0x%02x at offset %d (line %d) is not UTF-8 (expected: UTF-8 text; %s)"
                .formatted(source, wrong, decodedBytes, line, hint);
        return new ServiceException(Failure.invalid("NOT_UTF8", message)
                .with("offset", Long.toString(decodedBytes))
                .with("line", Long.toString(line)));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
