package io.foresell.inference.load;

/**
 * A version that a release asks for and that does not serve.
 *
 * @param failure why it could not be loaded; empty while it is being loaded
 */
public record VersionStatus(String model, int version, String digest, String failure) {
    /** The failure of a version that an order took out of memory. */
    static final String UNLOADED = "unloaded by order";

    public boolean isFailed() {
        return !failure.isEmpty();
    }

    /** Returns whether an order took it out of memory. */
    public boolean isUnloaded() {
        return failure.equals(UNLOADED);
    }
}
