package io.foresell.benchmarks.load;

/**
 * What came back from one call.
 *
 * @param detail of an answer the version that gave it, where the subject tells; otherwise the cause
 */
public record Reply(Outcome outcome, String detail) {
    /** An answer whose version nobody asks for. */
    public static final Reply ANSWERED = new Reply(Outcome.ANSWERED, "");

    /** Kinds of replies. */
    public enum Outcome {
        /** The call was answered. */
        ANSWERED,
        /** The server has too much to do and says so: RESOURCE_EXHAUSTED, 429. */
        REFUSED,
        /** Anything else. */
        FAILED
    }

    public static Reply answered(String version) {
        return version.isEmpty() ? ANSWERED : new Reply(Outcome.ANSWERED, version);
    }

    public static Reply refused(String cause) {
        return new Reply(Outcome.REFUSED, cause);
    }

    public static Reply failed(String cause) {
        return new Reply(Outcome.FAILED, cause);
    }
}
