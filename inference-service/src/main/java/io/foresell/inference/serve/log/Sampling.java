package io.foresell.inference.serve.log;

/**
 * Which predictions of a model are logged. A subject is wholly in or out, on every replica and for every model: its hash falls below the
 * rate or not. Immutable.
 */
public final class Sampling {
    private static final long PER_PERCENT = 42_949_673; // 2^32 / 100, rounded up: 100 percent is all

    private final long threshold;
    private final boolean hasFeatures;

    /**
     * Makes it.
     *
     * @param percent 0 to 100
     * @param hasFeatures whether features are recorded
     */
    Sampling(int percent, boolean hasFeatures) {
        this.threshold = percent * PER_PERCENT;
        this.hasFeatures = hasFeatures;
    }

    /** Returns whether nothing is logged. */
    public boolean isOff() {
        return threshold == 0;
    }

    /** Returns whether features are recorded. */
    public boolean hasFeatures() {
        return hasFeatures;
    }

    /** Returns whether a prediction is logged: by its subject, or by its id when it has none. */
    public boolean takes(String subject, String predictionId) {
        return hash(subject.isEmpty() ? predictionId : subject) < threshold;
    }

    /** FNV-1a over UTF-16 units, mixed; 32 bits. Another seed than that of routes, so that samples are fair to all of them. */
    private static long hash(String text) {
        long hash = 0x6C62272E07BB0142L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
        hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return (hash ^ (hash >>> 33)) & 0xFFFF_FFFFL;
    }
}
