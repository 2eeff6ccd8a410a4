package io.foresell.kit.identity;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.foresell.kit.identity.CredentialException.Kind;
import io.foresell.kit.rotate.Rotation;
import io.foresell.kit.rotate.UnusableFileException;
import java.nio.ByteBuffer;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Believes signed tokens by their rules. Verified ones are remembered by their SHA-256 until they end or the keys change. Thread-safe. */
final class TokenVerifier {
    private static final int MAX_REMEMBERED = 10_000;
    private static final Set<String> TYPES = Set.of("JWT", "AT+JWT");

    private final TokenRules rules;
    private final KeySource source;
    private final Clock clock;
    private final Map<ByteBuffer, Identity> remembered; // at most MAX_REMEMBERED

    private TokenVerifier(TokenRules rules, KeySource source, Clock clock, Map<ByteBuffer, Identity> remembered) {
        this.rules = rules;
        this.source = source;
        this.clock = clock;
        this.remembered = remembered;
    }

    static TokenVerifier open(TokenRules rules, Rotation rotation, Clock clock) throws UnusableFileException {
        Map<ByteBuffer, Identity> remembered = new ConcurrentHashMap<>();
        return new TokenVerifier(rules, KeySource.open(rules, rotation, remembered::clear), clock, remembered);
    }

    Identity verify(String token) throws CredentialException {
        ByteBuffer digest = ByteBuffer.wrap(ApiKey.sha256(token));
        Identity known = remembered.get(digest);
        if (known != null && clock.instant().isBefore(known.expiresAt())) {
            return known;
        }
        SigningKeys keys = source.keys();
        if (keys == null) {
            source.refresh();
            throw new CredentialException(Kind.KEYS_AWAY, "the keys of the issuer are not here yet");
        }
        Identity identity = verify(token, keys);
        if (remembered.size() >= MAX_REMEMBERED) {
            remembered.clear();
        }
        if (source.keys() == keys) { // else it might outlive a key that was taken away
            remembered.put(digest, identity);
        }
        return identity;
    }

    private Identity verify(String token, SigningKeys keys) throws CredentialException {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            requireHeader(jwt.getHeader());
            switch (keys.check(jwt.getHeader(), jwt.getSigningInput(), jwt.getSignature())) {
                case RIGHT -> {}
                case WRONG -> throw refused("signature: wrong");
                case UNKNOWN_KEY -> throw source.refresh()
                        ? new CredentialException(Kind.KEYS_AWAY, "the token's key is not known yet")
                        : refused("signature: of a key that the issuer does not publish");
            }
            return identity(jwt.getJWTClaimsSet());
        } catch (ParseException | IllegalArgumentException e) {
            throw refused("token: not readable (expected: a signed JWT)");
        }
    }

    private static void requireHeader(JWSHeader header) throws CredentialException {
        if (!TokenRules.ALGORITHMS.contains(header.getAlgorithm().getName())) {
            throw refused("alg: not accepted (expected: RS256, ES256 or EdDSA)");
        }
        JOSEObjectType type = header.getType();
        if (type != null && !TYPES.contains(type.getType().toUpperCase(java.util.Locale.ROOT))) {
            throw refused("typ: not accepted (expected: JWT or at+jwt)");
        }
        if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()) {
            throw refused("crit: not understood"); // RFC 7515, 4.1.11
        }
    }

    private Identity identity(JWTClaimsSet claims) throws CredentialException, ParseException {
        Instant now = clock.instant();
        if (!rules.issuer().equals(claims.getIssuer())) {
            throw refused("iss: another issuer");
        }
        if (!claims.getAudience().contains(rules.audience())) {
            throw refused("aud: for another audience");
        }
        Date end = claims.getExpirationTime();
        if (end == null || !now.isBefore(end.toInstant().plus(rules.skew()))) {
            throw refused(end == null ? "exp: missing" : "exp: expired");
        }
        Date begin = claims.getNotBeforeTime();
        if (begin != null && now.plus(rules.skew()).isBefore(begin.toInstant())) {
            throw refused("nbf: not valid yet");
        }
        String name = claims.getStringClaim(rules.nameClaim());
        if (name == null
                || name.isBlank()
                || name.length() > 255
                || name.chars().anyMatch(Character::isISOControl)) {
            throw refused("%s: missing or not a name".formatted(rules.nameClaim()));
        }
        Instant expiresAt = end.toInstant().plus(rules.skew());
        return new Identity(Identity.Proof.TOKEN, name, grants(claims), expiresAt, "");
    }

    private List<Grant> grants(JWTClaimsSet claims) {
        List<Grant> grants = new ArrayList<>();
        for (String word : words(found(claims.getClaims(), rules.rolesClaim()))) {
            if (word.startsWith(rules.rolePrefix())) { // else of another application
                known(word.substring(rules.rolePrefix().length())).ifPresent(grants::add);
            }
        }
        return grants;
    }

    /** What is not understood grants nothing: an issuer may know roles of a newer version. */
    private static Optional<Grant> known(String word) {
        try {
            return Optional.of(Grant.parse(word));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static @Nullable Object found(Map<?, ?> claims, String path) {
        if (claims.containsKey(path)) {
            return claims.get(path);
        }
        int dot = path.indexOf('.');
        return dot > 0 && claims.get(path.substring(0, dot)) instanceof Map<?, ?> inner
                ? found(inner, path.substring(dot + 1))
                : null;
    }

    /** A list of roles, or one text with blanks between them, as scopes come. */
    private static List<String> words(@Nullable Object claim) {
        if (claim instanceof List<?> list) {
            return list.stream()
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .toList();
        }
        return claim instanceof String text ? List.of(text.split(" ", -1)) : List.of();
    }

    private static CredentialException refused(String cause) {
        return new CredentialException(Kind.REFUSED, cause);
    }
}
