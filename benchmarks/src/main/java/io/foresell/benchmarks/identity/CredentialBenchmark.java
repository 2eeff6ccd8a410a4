package io.foresell.benchmarks.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.foresell.kit.identity.ApiKey;
import io.foresell.kit.identity.Authenticator;
import io.foresell.kit.identity.CredentialException;
import io.foresell.kit.identity.Identity;
import io.foresell.kit.identity.TokenRules;
import io.foresell.kit.rotate.Rotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What does it cost to know who calls? 100 API keys in the access file; tokens of one issuer, with grants. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
@SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
public class CredentialBenchmark {
    private static final int KEY_COUNT = 100;

    /** More than are remembered, so that each is verified anew. */
    private static final int FRESH_COUNT = 20_000;

    /** What is sent. */
    public enum Sent {
        /** An API key. */
        API_KEY,
        /** One RS256 token, again and again. */
        RSA_TOKEN,
        /** One ES256 token, again and again. */
        EC_TOKEN,
        /** Another ES256 token each time. */
        FRESH_EC_TOKEN
    }

    /** The kind of credential. */
    @Param
    public Sent sent = Sent.API_KEY;

    private Path folder;
    private Rotation rotation;
    private Authenticator authenticator;
    private final List<String> headers = new ArrayList<>();
    private int next;

    /** Writes access file and keys of the issuer, and what is sent. */
    @Setup
    public void open() throws Exception {
        folder = Files.createTempDirectory("credentials");
        SecureRandom random = new SecureRandom();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < KEY_COUNT; i++) {
            ApiKey key = ApiKey.generate(random);
            lines.add(key.line("caller-" + i, "score:churn", null));
            if (sent == Sent.API_KEY) {
                headers.add("Bearer " + key.text());
            }
        }
        Path access = Files.write(folder.resolve("access"), lines);
        JWK key = sent == Sent.RSA_TOKEN
                ? new RSAKeyGenerator(2048).keyID("one").generate()
                : new ECKeyGenerator(Curve.P_256).keyID("one").generate();
        Path keys = Files.writeString(folder.resolve("keys"), new JWKSet(key.toPublicJWK()).toString());
        if (sent != Sent.API_KEY) {
            for (int i = sent == Sent.FRESH_EC_TOKEN ? FRESH_COUNT : 1; i > 0; i--) {
                headers.add("Bearer " + token(key, "caller-" + i));
            }
        }
        rotation = Rotation.every(Duration.ofMinutes(5));
        TokenRules rules = new TokenRules(
                "issuer",
                "foresell",
                keys.toUri(),
                "sub",
                "roles",
                "foresell:",
                Duration.ofSeconds(30),
                Duration.ofMinutes(5));
        authenticator = Authenticator.open(Optional.of(access), Optional.of(rules), rotation, Clock.systemUTC());
    }

    private static String token(JWK key, String subject) throws JOSEException {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer("issuer")
                .audience("foresell")
                .subject(subject)
                .expirationTime(Date.from(Instant.now().plusSeconds(3600)))
                .claim("roles", List.of("foresell:score:churn"))
                .build();
        boolean isEc = key instanceof ECKey;
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(isEc ? JWSAlgorithm.ES256 : JWSAlgorithm.RS256)
                        .keyID("one")
                        .build(),
                claims);
        token.sign(isEc ? new ECDSASigner(key.toECKey()) : new RSASSASigner(key.toRSAKey()));
        return token.serialize();
    }

    /** Returns who calls. */
    @Benchmark
    public Identity authenticate() throws CredentialException {
        next = next + 1 == headers.size() ? 0 : next + 1;
        return authenticator.authenticate(headers.get(next), null);
    }

    /** Ends the reading of the files. */
    @TearDown
    public void close() {
        rotation.close();
    }
}
