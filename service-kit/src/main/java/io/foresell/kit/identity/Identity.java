package io.foresell.kit.identity;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A caller that proved who it is. Immutable.
 *
 * @param proof how it did
 * @param name who it is among those with this proof, e.g. {@code crm} or the subject of a token
 * @param grants what it may do; may be empty
 * @param expiresAt until when the proof holds; {@link Instant#MAX} without an end
 * @param line the line of the access file it was found by; empty for tokens
 */
public record Identity(Proof proof, String name, List<Grant> grants, Instant expiresAt, String line) {
    /** How an identity was proven. */
    public enum Proof {
        /** By an API key. */
        KEY,
        /** By a signed token of the trusted issuer. */
        TOKEN,
        /** By a client certificate. */
        CERTIFICATE,
        /** By the one token that all processes of a cluster share. */
        CLUSTER
    }

    public Identity {
        grants = List.copyOf(grants);
    }

    /** Returns whether one of the roles is granted on the model. */
    public boolean may(Set<Role> roles, String model) {
        for (int i = 0; i < grants.size(); i++) { // no iterator: asked on every call
            Grant grant = grants.get(i);
            if ((grant.role() == Role.ADMIN || roles.contains(grant.role())) && grant.isOn(model)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether one of the roles is granted on every model. */
    public boolean mayEverywhere(Set<Role> roles) {
        for (int i = 0; i < grants.size(); i++) {
            Grant grant = grants.get(i);
            if (grant.isOnEveryModel() && (grant.role() == Role.ADMIN || roles.contains(grant.role()))) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether one of the roles is granted on any model. */
    public boolean maySomewhere(Set<Role> roles) {
        for (int i = 0; i < grants.size(); i++) {
            Role role = grants.get(i).role();
            if (role == Role.ADMIN || roles.contains(role)) {
                return true;
            }
        }
        return false;
    }

    /** Returns proof and name, e.g. {@code key:crm}: what logs and the audit name a caller by. */
    public String shown() {
        return proof.name().toLowerCase(java.util.Locale.ROOT) + ":" + name;
    }
}
