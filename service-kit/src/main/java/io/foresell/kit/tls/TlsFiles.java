package io.foresell.kit.tls;

import io.foresell.kit.pem.Pem;
import io.foresell.kit.rotate.Rotated;
import io.foresell.kit.rotate.UnusableFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files of one process.
 *
 * @param certificateChain what this process shows, its own certificate first; empty for a client that shows none
 * @param privateKey its PKCS#8 key; empty exactly when the chain is
 * @param trust the authorities that sign its peers
 */
public record TlsFiles(Optional<Path> certificateChain, Optional<Path> privateKey, Path trust) {
    public TlsFiles {
        if (certificateChain.isPresent() != privateKey.isPresent()) {
            throw new IllegalArgumentException("certificate and private key come together");
        }
    }

    /** What the files hold. */
    record Material(List<X509Certificate> chain, @Nullable PrivateKey key, List<X509Certificate> trusted) {
        Optional<X509Certificate> shown() {
            return chain.stream().findFirst();
        }
    }

    Rotated<Material> read(Clock clock) throws UnusableFileException {
        List<Path> files = new ArrayList<>(List.of(trust));
        certificateChain.ifPresent(files::add);
        privateKey.ifPresent(files::add);
        return Rotated.read("tls", files, contents -> material(contents, clock));
    }

    private static Material material(List<byte[]> contents, Clock clock) throws UnusableFileException {
        List<X509Certificate> trusted = Pem.certificates("tls.trust", contents.get(0));
        if (contents.size() == 1) {
            return new Material(List.of(), null, trusted);
        }
        List<X509Certificate> chain = Pem.certificates("tls.certificate", contents.get(1));
        PrivateKey key = Pem.privateKey("tls.private-key", contents.get(2));
        Instant end = chain.get(0).getNotAfter().toInstant();
        if (clock.instant().isAfter(end)) {
            throw new UnusableFileException("tls.certificate: valid until %s (expected: later)".formatted(end));
        }
        requireMatch(chain.get(0), key);
        return new Material(chain, key, trusted);
    }

    /** A pair that does not fit fails every handshake, so it is found out here: the certificate must verify what the key signs. */
    private static void requireMatch(X509Certificate certificate, PrivateKey key) throws UnusableFileException {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "Ed25519";
                };
        byte[] probe = certificate.getSerialNumber().toByteArray();
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(probe);
            byte[] signature = signer.sign();
            signer.initVerify(certificate.getPublicKey());
            signer.update(probe);
            if (signer.verify(signature)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw new UnusableFileException(
                    "tls.private-key: does not belong to tls.certificate (expected: the key of its first certificate)",
                    e);
        }
        throw new UnusableFileException(
                "tls.private-key: does not belong to tls.certificate (expected: the key of its first certificate)");
    }
}
