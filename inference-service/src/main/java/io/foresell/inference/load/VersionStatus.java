package io.foresell.inference.load;

/**
 * A version that a release asks for and that does not serve.
 *
 * @param failure why it could not be loaded; empty while it is being loaded
 */
public record VersionStatus(String model, int version, String digest, String failure) {
    public boolean isFailed() {
        return !failure.isEmpty();
    }
}
