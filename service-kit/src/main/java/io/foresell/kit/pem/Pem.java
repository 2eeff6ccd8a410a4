package io.foresell.kit.pem;

import io.foresell.kit.rotate.UnusableFileException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PEM (RFC 7468): X.509 certificates, public keys, and private keys in PKCS#8 without a password. */
public final class Pem {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final Pattern PUBLIC_KEY =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "Ed25519");

    private Pem() {}

    /** Returns the certificates, at least one, in their order. */
    public static List<X509Certificate> certificates(String name, byte[] pem) throws UnusableFileException {
        try {
            Collection<? extends Certificate> read =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
            if (read.isEmpty()) {
                throw new UnusableFileException(name + ": no certificate (expected: PEM with BEGIN CERTIFICATE)");
            }
            return read.stream().map(X509Certificate.class::cast).toList();
        } catch (CertificateException e) {
            throw new UnusableFileException(name + ": not readable (expected: PEM with BEGIN CERTIFICATE)", e);
        }
    }

    /** Returns the first private key: EC, RSA or Ed25519. */
    public static PrivateKey privateKey(String name, byte[] pem) throws UnusableFileException {
        Matcher key = KEY.matcher(new String(pem, StandardCharsets.US_ASCII));
        String expected = name + ": not a private key (expected: PEM with BEGIN PRIVATE KEY, PKCS#8, no password)";
        if (!key.find()) {
            throw new UnusableFileException(expected);
        }
        try {
            PKCS8EncodedKeySpec spec =
                    new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key.group(1)));
            for (String algorithm : ALGORITHMS) {
                Optional<PrivateKey> read = read(algorithm, spec);
                if (read.isPresent()) {
                    return read.get();
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnusableFileException(expected); // the cause might show the key
        }
        throw new UnusableFileException(expected);
    }

    private static Optional<PrivateKey> read(String algorithm, PKCS8EncodedKeySpec spec)
            throws GeneralSecurityException {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(spec));
        } catch (InvalidKeySpecException e) {
            return Optional.empty(); // a key of another algorithm
        }
    }

    /** Returns the Ed25519 public keys, X.509, at least one, in their order. */
    public static List<PublicKey> ed25519Keys(String name, byte[] pem) throws UnusableFileException {
        List<PublicKey> keys = new ArrayList<>();
        Matcher block = PUBLIC_KEY.matcher(new String(pem, StandardCharsets.US_ASCII));
        String expected = name + ": not readable (expected: PEM with BEGIN PUBLIC KEY, Ed25519)";
        try {
            while (block.find()) {
                keys.add(KeyFactory.getInstance("Ed25519")
                        .generatePublic(
                                new X509EncodedKeySpec(Base64.getMimeDecoder().decode(block.group(1)))));
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnusableFileException(expected, e);
        }
        if (keys.isEmpty()) {
            throw new UnusableFileException(expected);
        }
        return keys;
    }

    /** Returns bytes as PEM of a type, e.g. {@code PUBLIC KEY}. */
    public static String text(String type, byte[] encoded) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, body, type);
    }
}
