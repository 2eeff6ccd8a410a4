package io.foresell.kit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.foresell.kit.identity.CredentialException.Kind;
import io.foresell.kit.rotate.Rotation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which signed tokens are believed, and which attacks on them are not. */
final class TokenTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final RSAKey RSA = rsa("rsa-1", 2048);
    private static final RSAKey OTHER = rsa("rsa-2", 2048);
    private static final ECKey EC = ec();

    @TempDir
    private Path folder;

    private final Rotation rotation = Rotation.every(Duration.ofMillis(30));
    private Path jwks;

    private static RSAKey rsa(String id, int bits) {
        try {
            return new RSAKeyGenerator(bits).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ECKey ec() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void writeKeys() throws IOException {
        jwks = folder.resolve("jwks.json");
        publish(RSA, EC);
    }

    @AfterEach
    void close() {
        rotation.close();
    }

    private void publish(JWK... keys) throws IOException {
        Path part = folder.resolve("part");
        Files.writeString(part, json(keys));
        Files.move(part, jwks, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static String json(JWK... keys) {
        return new JWKSet(List.of(keys)).toString(true);
    }

    private Authenticator authenticator(URI keys, Duration refresh) throws Exception {
        TokenRules rules = new TokenRules(
                "https://issuer", "foresell", keys, "sub", "roles", "foresell:", Duration.ofSeconds(30), refresh);
        return Authenticator.open(Optional.empty(), Optional.of(rules), rotation, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private Authenticator authenticator() throws Exception {
        return authenticator(jwks.toUri(), Duration.ofMinutes(5));
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("https://issuer")
                .audience(List.of("other", "foresell"))
                .subject("alice")
                .expirationTime(Date.from(NOW.plusSeconds(60)))
                .claim("roles", List.of("foresell:score:churn", "foresell:view", "mail:read", "foresell:future"));
    }

    private static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws JOSEException {
        SignedJWT jwt = new SignedJWT(header, claims);
        jwt.sign(signer);
        return "Bearer " + jwt.serialize();
    }

    private static String rs256(JWTClaimsSet.Builder claims) throws JOSEException {
        return signed(header(JWSAlgorithm.RS256, "rsa-1"), claims.build(), new RSASSASigner(RSA));
    }

    private static JWSHeader header(JWSAlgorithm algorithm, String key) {
        return new JWSHeader.Builder(algorithm).keyID(key).build();
    }

    private static void assertRefused(Authenticator authenticator, String header, String cause) {
        assertThatThrownBy(() -> authenticator.authenticate(header, null))
                .as(cause)
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining(cause)
                .extracting(error -> ((CredentialException) error).kind())
                .isEqualTo(Kind.REFUSED);
    }

    @Test
    void aTokenOfTheIssuerGrantsItsRoles() throws Exception {
        Identity identity = authenticator().authenticate(rs256(claims()), null);
        assertThat(identity.shown()).isEqualTo("token:alice");
        assertThat(identity.grants()).extracting(Grant::toString).containsExactly("score:churn", "view");
        assertThat(identity.may(Set.of(Role.SCORE), "churn")).isTrue();
        assertThat(identity.may(Set.of(Role.SCORE), "churning")).isFalse();
        assertThat(identity.may(Set.of(Role.RELEASE), "churn")).isFalse();
        assertThat(identity.expiresAt()).isEqualTo(NOW.plusSeconds(90));
        assertThat(authenticator().holds(identity)).isTrue();
    }

    @Test
    void rolesAreFoundInObjectsAndInScopes() throws Exception {
        for (Map.Entry<String, Object> claim : Map.<String, Object>of(
                        "realm.roles", Map.of("roles", List.of("foresell:train")), "scope", "openid foresell:train")
                .entrySet()) {
            String top = claim.getKey().split("\\.", -1)[0];
            TokenRules rules = new TokenRules(
                    "https://issuer",
                    "foresell",
                    jwks.toUri(),
                    "sub",
                    claim.getKey(),
                    "foresell:",
                    Duration.ZERO,
                    Duration.ofMinutes(1));
            Authenticator authenticator = Authenticator.open(
                    Optional.empty(), Optional.of(rules), rotation, Clock.fixed(NOW, ZoneOffset.UTC));
            Identity identity = authenticator.authenticate(rs256(claims().claim(top, claim.getValue())), null);
            assertThat(identity.grants()).extracting(Grant::toString).containsExactly("train");
        }
    }

    @Test
    void theThreeAlgorithmsAreBelieved() throws Exception {
        Authenticator both = authenticator();
        String es256 = signed(header(JWSAlgorithm.ES256, "ec-1"), claims().build(), new ECDSASigner(EC));
        assertThat(both.authenticate(es256, null).name()).isEqualTo("alice");

        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] point = java.util.Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        publish(new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point))
                .keyID("ed-1")
                .build());
        JWSHeader header = header(JWSAlgorithm.EdDSA, "ed-1");
        String text =
                header.toBase64URL() + "." + Base64URL.encode(claims().build().toString());
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(text.getBytes(StandardCharsets.US_ASCII));
        String eddsa = "Bearer " + text + "." + Base64URL.encode(signature.sign());
        assertThat(authenticator().authenticate(eddsa, null).name()).isEqualTo("alice");
        assertRefused(authenticator(), eddsa.substring(0, eddsa.length() - 4) + "AAAA", "signature");
    }

    @Test
    void forgedTokensAreRefused() throws Exception {
        Authenticator authenticator = authenticator();
        String good = rs256(claims());
        String[] parts = good.substring(7).split("\\.", -1);

        String none = Base64URL.encode("{\"alg\":\"none\"}") + "." + parts[1] + ".";
        assertRefused(authenticator, "Bearer " + none, "not readable");

        // The public key as the secret of a MAC: believed by a verifier that lets the header choose.
        byte[] secret = RSA.toRSAPublicKey().getEncoded();
        assertRefused(
                authenticator,
                signed(header(JWSAlgorithm.HS256, "rsa-1"), claims().build(), new MACSigner(secret)),
                "alg");

        // An algorithm of another type of key than the one named.
        assertRefused(
                authenticator,
                signed(header(JWSAlgorithm.ES256, "rsa-1"), claims().build(), new ECDSASigner(EC)),
                "does not publish");
        assertRefused(
                authenticator,
                signed(header(JWSAlgorithm.RS512, "rsa-1"), claims().build(), new RSASSASigner(RSA)),
                "alg");

        // A key that the token brings along.
        JWSHeader own = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("rsa-1")
                .jwk(OTHER.toPublicJWK())
                .build();
        assertRefused(authenticator, signed(own, claims().build(), new RSASSASigner(OTHER)), "signature: wrong");

        JWSHeader critical = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("rsa-1")
                .criticalParams(Set.of("exp"))
                .build();
        assertRefused(authenticator, signed(critical, claims().build(), new RSASSASigner(RSA)), "crit");

        String changed =
                Base64URL.encode(claims().subject("boss").build().toString()).toString();
        assertRefused(authenticator, "Bearer " + parts[0] + "." + changed + "." + parts[2], "signature: wrong");
        assertRefused(authenticator, "Basic " + good.substring(7), "scheme");
        assertRefused(authenticator, "Bearer " + "x".repeat(5000), "not readable");
        assertThat(authenticator.authenticate(good, null).name()).isEqualTo("alice");
    }

    @Test
    void tokensForOthersOrOtherTimesAreRefused() throws Exception {
        Authenticator authenticator = authenticator();
        assertRefused(authenticator, rs256(claims().issuer("https://issuer/")), "iss");
        assertRefused(authenticator, rs256(claims().audience("other")), "aud");
        assertRefused(authenticator, rs256(claims().expirationTime(null)), "exp: missing");
        assertRefused(authenticator, rs256(claims().expirationTime(Date.from(NOW.minusSeconds(30)))), "exp: expired");
        assertRefused(authenticator, rs256(claims().notBeforeTime(Date.from(NOW.plusSeconds(31)))), "nbf");
        assertRefused(authenticator, rs256(claims().subject(null)), "sub");
        assertRefused(authenticator, rs256(claims().subject("a\nb")), "sub");
        // Within the skew of clocks.
        assertThat(authenticator.authenticate(rs256(claims().expirationTime(Date.from(NOW.minusSeconds(29)))), null))
                .isNotNull();
        assertThat(authenticator.authenticate(rs256(claims().notBeforeTime(Date.from(NOW.plusSeconds(29)))), null))
                .isNotNull();
    }

    @Test
    void aKeyTakenAwayIsNotBelievedFromMemory() throws Exception {
        Authenticator authenticator = authenticator();
        String token = rs256(claims());
        assertThat(authenticator.authenticate(token, null)).isNotNull();
        publish(EC);
        for (int i = 0; i < 200; i++) {
            try {
                authenticator.authenticate(token, null);
            } catch (CredentialException e) {
                assertThat(e.kind()).isEqualTo(Kind.REFUSED);
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("still believed");
    }

    @Test
    void keysComeFromAnAddressAndAreFetchedRarely() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
        issuer.createContext("/keys", exchange -> {
            asked.incrementAndGet();
            byte[] body = json(RSA).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        issuer.start();
        try {
            URI keys = URI.create("http://127.0.0.1:" + issuer.getAddress().getPort() + "/keys");
            Authenticator authenticator = authenticator(keys, Duration.ofMinutes(5));
            String token = rs256(claims());
            assertThat(eventually(authenticator, token).name()).isEqualTo("alice");
            String unknown = signed(header(JWSAlgorithm.RS256, "rsa-2"), claims().build(), new RSASSASigner(OTHER));
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(() -> authenticator.authenticate(unknown, null))
                        .isInstanceOf(CredentialException.class);
            }
            assertThat(asked.get()).as("fetches in the first ten seconds").isEqualTo(1);
        } finally {
            issuer.stop(0);
        }
    }

    private static Identity eventually(Authenticator authenticator, String token) throws Exception {
        for (int i = 0; ; i++) {
            try {
                return authenticator.authenticate(token, null);
            } catch (CredentialException e) {
                assertThat(e.kind()).isEqualTo(Kind.KEYS_AWAY);
                assertThat(i).isLessThan(200);
                Thread.sleep(20);
            }
        }
    }

    @Test
    void anIssuerThatIsAwayIsSaidAndRetried() throws Exception {
        Authenticator authenticator = authenticator(URI.create("http://127.0.0.1:1/keys"), Duration.ofMinutes(5));
        assertThatThrownBy(() -> authenticator.authenticate(rs256(claims()), null))
                .extracting(error -> ((CredentialException) error).kind())
                .isEqualTo(Kind.KEYS_AWAY);
        for (int i = 0; i < 200 && !rotation.problems().toString().contains("cannot be reached"); i++) {
            Thread.sleep(20);
        }
        assertThat(rotation.problems().toString()).contains("cannot be reached");
    }

    @Test
    void unsafeSettingsAreRefused() {
        for (String keys : List.of("http://issuer/keys", "ftp://issuer/keys", "keys")) {
            assertThatThrownBy(() -> authenticator(URI.create(keys), Duration.ofMinutes(1)))
                    .hasMessageContaining("https");
        }
        assertThatThrownBy(() -> {
                    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(1024);
                    publish(new RSAKey.Builder(
                                    (RSAPublicKey) generator.generateKeyPair().getPublic())
                            .build());
                    var unused = authenticator();
                })
                .hasMessageContaining("0 usable keys");
    }
}
