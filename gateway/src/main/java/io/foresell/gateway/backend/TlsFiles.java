package io.foresell.gateway.backend;

import io.foresell.gateway.config.GatewayConfig;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files towards the services, read again when they change. Files that cannot be used (unreadable, expired, a key of another
 * certificate) never replace what is in use; {@link #problem} says why. Read by one thread, asked by many.
 */
final class TlsFiles {
    private static final Logger log = Logger.getLogger(TlsFiles.class);

    private final GatewayConfig.Tls files;
    private final AdvancedTlsX509TrustManager trust;
    private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    private byte[] trusted = new byte[0];
    private byte[] identity = new byte[0];
    private volatile String problem = "";

    TlsFiles(GatewayConfig.Tls files) throws CertificateException {
        this.files = files;
        this.trust = AdvancedTlsX509TrustManager.newBuilder()
                .setVerification(Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION)
                .build();
    }

    AdvancedTlsX509TrustManager trust() {
        return trust;
    }

    /** Returns what shows the certificate; null when there is none to show. */
    @Nullable
    AdvancedTlsX509KeyManager keys() {
        return files.certificate().isPresent() ? keys : null;
    }

    /** Returns why the newest files are not in use; empty when they are. */
    String problem() {
        return problem;
    }

    /** @throws IllegalArgumentException when a file cannot be used */
    void readFirst() {
        poll();
        if (!problem.isEmpty()) {
            throw new IllegalArgumentException(problem);
        }
    }

    /** Takes changed files into use. */
    void poll() {
        String found = "";
        try {
            readTrust();
            readIdentity();
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            found = "foresell.tls: %s (expected: readable PEM files, valid now, the key of the certificate)"
                    .formatted(e.getMessage());
            if (!found.equals(problem)) {
                log.errorf(e, "cannot be used, the files before stay in use: %s", found);
            }
        }
        problem = found;
    }

    private void readTrust() throws IOException, GeneralSecurityException {
        byte[] now = Files.readAllBytes(Path.of(files.trust().orElseThrow()));
        if (!Arrays.equals(now, trusted)) {
            X509Certificate[] authorities = CertificateUtils.getX509Certificates(new ByteArrayInputStream(now));
            if (authorities.length == 0) {
                throw new CertificateException("trust: no certificate");
            }
            trust.updateTrustCredentials(authorities);
            trusted = now;
        }
    }

    private void readIdentity() throws IOException, GeneralSecurityException {
        Optional<String> place = files.certificate();
        if (place.isEmpty()) {
            return;
        }
        byte[] certificate = Files.readAllBytes(Path.of(place.get()));
        byte[] secret = Files.readAllBytes(Path.of(files.privateKey().orElseThrow()));
        byte[] now = Arrays.copyOf(certificate, certificate.length + secret.length);
        System.arraycopy(secret, 0, now, certificate.length, secret.length);
        if (!Arrays.equals(now, identity)) {
            X509Certificate[] chain = CertificateUtils.getX509Certificates(new ByteArrayInputStream(certificate));
            if (chain.length == 0) {
                throw new CertificateException("certificate: none");
            }
            PrivateKey key = CertificateUtils.getPrivateKey(new ByteArrayInputStream(secret));
            chain[0].checkValidity();
            requirePair(key, chain[0]);
            keys.updateIdentityCredentials(chain, key);
            identity = now;
        }
    }

    /** What one signs, the other verifies. */
    private static void requirePair(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        String algorithm =
                switch (key.getAlgorithm().toUpperCase(Locale.ROOT)) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        byte[] probe = {1, 2, 3};
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(probe);
        byte[] signature = signing.sign();
        Signature verifying = Signature.getInstance(algorithm);
        verifying.initVerify(certificate.getPublicKey());
        verifying.update(probe);
        if (!verifying.verify(signature)) {
            throw new CertificateException("private-key: not that of the certificate");
        }
    }
}
