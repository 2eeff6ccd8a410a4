package io.foresell.kit.identity;

import io.foresell.kit.identity.CredentialException.Kind;
import io.foresell.kit.rotate.Rotated;
import io.foresell.kit.rotate.Rotation;
import io.foresell.kit.rotate.UnusableFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says who calls. A credential that was sent decides alone; only without one does a client's certificate count. Thread-safe, never blocks. */
public final class Authenticator {
    private static final String BEARER = "bearer ";

    private final @Nullable Rotated<AccessFile> access;
    private final @Nullable TokenVerifier tokens;
    private final Clock clock;

    private Authenticator(@Nullable Rotated<AccessFile> access, @Nullable TokenVerifier tokens, Clock clock) {
        this.access = access;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * Reads what is needed and follows its changes.
     *
     * @param accessFile the file of keys and certificates
     * @param rules which tokens are believed
     * @throws UnusableFileException when a file cannot be used now
     */
    public static Authenticator open(
            Optional<Path> accessFile, Optional<TokenRules> rules, Rotation rotation, Clock clock)
            throws UnusableFileException {
        Rotated<AccessFile> access = accessFile.isEmpty()
                ? null
                : Rotated.read(
                        "auth.access-file", List.of(accessFile.get()), contents -> AccessFile.parse(contents.get(0)));
        if (access != null) {
            rotation.add(access, () -> {});
        }
        return new Authenticator(
                access, rules.isEmpty() ? null : TokenVerifier.open(rules.get(), rotation, clock), clock);
    }

    /**
     * Returns who calls.
     *
     * @param authorization the header as it was sent; null when there is none
     * @param certificate what the client showed, already verified against the trusted authorities; null when it showed none
     * @throws CredentialException when it is not known
     */
    public Identity authenticate(@Nullable String authorization, @Nullable X509Certificate certificate)
            throws CredentialException {
        if (authorization != null) {
            return bearer(authorization);
        }
        AccessFile file = access == null ? null : access.get();
        if (certificate == null || file == null) {
            throw new CredentialException(Kind.MISSING, "no credential");
        }
        return file.holder(certificate, clock.instant())
                .orElseThrow(() -> new CredentialException(Kind.MISSING, "certificate: of nobody known here"));
    }

    private Identity bearer(String authorization) throws CredentialException {
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new CredentialException(Kind.REFUSED, "scheme: not Bearer");
        }
        String credential = authorization.substring(BEARER.length()).strip();
        Optional<ApiKey> key = ApiKey.parse(credential);
        if (key.isPresent()) {
            AccessFile file = access == null ? null : access.get();
            return Optional.ofNullable(file)
                    .flatMap(known -> known.holder(key.get(), clock.instant()))
                    .orElseThrow(() -> new CredentialException(Kind.REFUSED, "key: unknown, expired or revoked"));
        }
        if (tokens == null) {
            throw new CredentialException(Kind.REFUSED, "credential: not an API key");
        }
        return tokens.verify(credential);
    }

    /** Returns whether a proof that held when a call began still holds: long streams end with the right to them. */
    public boolean holds(Identity identity) {
        if (!clock.instant().isBefore(identity.expiresAt())) {
            return false;
        }
        AccessFile file = access == null ? null : access.get();
        return identity.line().isEmpty() || (file != null && file.has(identity));
    }

    /** Returns what callers may send, for messages. */
    public String expected() {
        if (tokens == null) {
            return "Bearer with an API key";
        }
        return access == null ? "Bearer with a token of the issuer" : "Bearer with an API key or a token of the issuer";
    }
}
