package io.foresell.gateway.backend;

/** One of the services behind the gateway. */
public enum Backend {
    FEATURE_STORE("feature-store"),
    TRAINING("training"),
    INFERENCE("inference");

    private final String title;

    Backend(String title) {
        this.title = title;
    }

    /** Returns the service's name for people and for the {@code domain} of problems. */
    public String title() {
        return title;
    }
}
