package io.foresell.inference.serve;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Names of answers: 48 bits of milliseconds since the epoch, 16 bits counted within them, and 64 bits drawn once for this
 * object, written as 26 characters of Crockford's base 32, which is the text of a ULID. Ids of one object strictly ascend; two
 * objects share one only if they drew the same 64 bits. The milliseconds last until the year 6429. Reserving a block is one compare-and-set. Thread-safe.
 */
public final class PredictionIds {
    /** The ids of this process. */
    public static final PredictionIds OF_THIS_PROCESS =
            new PredictionIds(new SecureRandom().nextLong(), System::currentTimeMillis);

    private static final byte[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".getBytes(StandardCharsets.US_ASCII);
    private static final int LENGTH = 26;
    private static final int COUNTER_BITS = 16;

    private final long replica;
    private final LongSupplier epochMillis;
    private final AtomicLong next = new AtomicLong();

    PredictionIds(long replica, LongSupplier epochMillis) {
        this.replica = replica;
        this.epochMillis = epochMillis;
    }

    /** Reserves consecutive ids and returns the first; a clock that goes back does not take them back. */
    public long reserve(int count) {
        long now = epochMillis.getAsLong() << COUNTER_BITS;
        while (true) {
            long before = next.get();
            long first = Math.max(before, now);
            if (next.compareAndSet(before, first + count)) {
                return first;
            }
        }
    }

    /** Returns the text of a reserved id. */
    @SuppressWarnings("deprecation") // the constructor from single bytes is the one without a decoder
    public String text(long id) {
        byte[] text = new byte[LENGTH];
        long low = replica;
        for (int i = LENGTH - 1; i > 13; i--) { // 12 digits, 60 of the lower 64 bits
            text[i] = DIGITS[(int) (low & 31)];
            low >>>= 5;
        }
        text[13] = DIGITS[(int) ((id & 1) << 4 | low)];
        long high = id >>> 1;
        for (int i = 12; i >= 0; i--) {
            text[i] = DIGITS[(int) (high & 31)];
            high >>>= 5;
        }
        return new String(text, 0, 0, LENGTH);
    }
}
