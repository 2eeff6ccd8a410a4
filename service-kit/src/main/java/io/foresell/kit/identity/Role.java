package io.foresell.kit.identity;

import java.util.Locale;
import java.util.Optional;

/** What an identity may do with a model. {@link #ADMIN} may do everything that any other may. */
public enum Role {
    /** Sees models, versions, releases, jobs and reports. */
    VIEW,
    /** Asks for scores. */
    SCORE,
    /** Writes features, trains, publishes and imports versions. */
    TRAIN,
    /** Decides which versions serve: aliases, releases, loading and unloading. */
    RELEASE,
    /** Is an inference service: follows releases, downloads packages, reads features. */
    REPLICATE,
    /** Everything, and reads the audit log. */
    ADMIN;

    /** Returns the name as people write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Role> of(String word) {
        for (Role role : values()) {
            if (role.word().equals(word)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
