package io.foresell.gateway;

import io.foresell.gateway.problem.BodyTooLargeException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body of unannounced length, read up to a limit. Beyond it some more is read and thrown away, so that a caller who is not
 * much above the limit has sent everything and hears the answer; then reading fails. Not thread-safe.
 */
final class BoundedBody extends FilterInputStream {
    /** How many bytes above the limit are read and thrown away at most. */
    static final long MAX_DRAINED_BYTES = 16L << 20;

    private static final int CHUNK_BYTES = 16 << 10;

    private final long maxBytes;
    private long readBytes;

    BoundedBody(InputStream in, long maxBytes) {
        super(in);
        this.maxBytes = maxBytes;
    }

    @Override
    public int read() throws IOException {
        int value = in.read();
        count(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        int count = in.read(to, offset, length);
        count(Math.max(0, count));
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = in.skip(count);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(long count) throws IOException {
        readBytes += count;
        if (readBytes > maxBytes) {
            BodyTooLargeException tooLarge = new BodyTooLargeException(maxBytes);
            try {
                drain();
            } catch (IOException e) {
                tooLarge.addSuppressed(e); // The caller is gone, or sends nothing more.
            }
            throw tooLarge;
        }
    }

    private void drain() throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int count = 0; count >= 0 && readBytes <= maxBytes + MAX_DRAINED_BYTES; count = in.read(chunk)) {
            readBytes += count;
        }
    }
}
