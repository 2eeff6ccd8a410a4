package io.foresell.kit.identity;

import java.net.URI;
import java.time.Duration;
import java.util.Set;

/**
 * Which signed tokens (JWT, RFC 7519) are believed.
 *
 * @param issuer what {@code iss} must be
 * @param audience what {@code aud} must hold
 * @param keys where the issuer's public keys are (JWKS, RFC 7517): {@code https:} or {@code file:}
 * @param nameClaim the claim that names the caller, usually {@code sub}
 * @param rolesClaim the claim that lists roles; a dotted name goes into objects
 * @param rolePrefix what a role of ours begins with; others are ignored
 * @param skew how far clocks may differ, 0 to 5 minutes
 * @param refresh how often the keys are fetched, 1 second to 1 day
 */
public record TokenRules(
        String issuer,
        String audience,
        URI keys,
        String nameClaim,
        String rolesClaim,
        String rolePrefix,
        Duration skew,
        Duration refresh) {
    /** The signatures believed; none that a holder of the public key could make, and not none. */
    static final Set<String> ALGORITHMS = Set.of("RS256", "ES256", "EdDSA");

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    public TokenRules {
        boolean isSafe = "https".equals(keys.getScheme())
                || "file".equals(keys.getScheme())
                || ("http".equals(keys.getScheme()) && LOOPBACK.contains(String.valueOf(keys.getHost())));
        if (!isSafe) {
            throw new IllegalArgumentException(
                    "auth.jwt.keys: '%s' (expected: https://..., or a file)".formatted(keys));
        }
        if (issuer.isEmpty() || audience.isEmpty()) {
            throw new IllegalArgumentException("auth.jwt.issuer, auth.jwt.audience: empty (expected: both)");
        }
    }
}
