package io.foresell.inference.ladder;

/**
 * An answer that may be given again. A class, because it holds an array; nobody changes it.
 */
public final class KnownScore {
    private static final int OWN_BYTES = 176; // entry, key and this object with their headers

    private final int version;
    private final String digest;
    private final long atNanos;
    private final byte[] answer;

    /**
     * Keeps an answer.
     *
     * @param digest of the package that scored
     * @param atNanos when, by {@link System#nanoTime}
     * @param answer as the edge wrote it; belongs to this object
     */
    public KnownScore(int version, String digest, long atNanos, byte[] answer) {
        this.version = version;
        this.digest = digest;
        this.atNanos = atNanos;
        this.answer = answer;
    }

    public int version() {
        return version;
    }

    public String digest() {
        return digest;
    }

    public long atNanos() {
        return atNanos;
    }

    /** Returns the answer; not to be changed. */
    public byte[] answer() {
        return answer;
    }

    /** Returns about how much memory it takes under its subject. */
    long bytes(String subject) {
        return OWN_BYTES + 2L * subject.length() + answer.length;
    }
}
