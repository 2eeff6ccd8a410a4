package io.foresell.kit.tls;

import io.foresell.kit.rotate.Rotated;
import io.foresell.kit.rotate.Rotation;
import io.foresell.kit.rotate.UnusableFileException;
import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process shows and trusts. Rotated files hold from the next handshake on; connections that stand are not touched, so
 * no call fails. Files that cannot be used leave everything as it was.
 */
public final class TlsIdentity {
    private static final Logger log = LoggerFactory.getLogger(TlsIdentity.class);

    /** Whether callers show a certificate. */
    public enum ClientCertificate {
        /** They are not asked. */
        NONE,
        /** Those that show one must show a trusted one. */
        OPTIONAL,
        /** Without a trusted one there is no connection (mutual TLS). */
        REQUIRED
    }

    private final Rotated<TlsFiles.Material> files;
    private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    private final AdvancedTlsX509TrustManager trust;

    private TlsIdentity(Rotated<TlsFiles.Material> files, AdvancedTlsX509TrustManager trust) {
        this.files = files;
        this.trust = trust;
    }

    /**
     * Reads the files of a server and takes rotated ones into use.
     *
     * @throws UnusableFileException when they cannot be used now
     */
    public static TlsIdentity ofServer(TlsFiles files, Rotation rotation) throws UnusableFileException {
        return of(files, Verification.CERTIFICATE_ONLY_VERIFICATION, rotation); // callers have no name to check
    }

    /**
     * Reads the files of a client and takes rotated ones into use; servers must show the name they are called by.
     *
     * @throws UnusableFileException when they cannot be used now
     */
    public static TlsIdentity ofClient(TlsFiles files, Rotation rotation) throws UnusableFileException {
        return of(files, Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION, rotation);
    }

    private static TlsIdentity of(TlsFiles files, Verification verification, Rotation rotation)
            throws UnusableFileException {
        try {
            TlsIdentity identity = new TlsIdentity(
                    files.read(Clock.systemUTC()),
                    AdvancedTlsX509TrustManager.newBuilder()
                            .setVerification(verification)
                            .build());
            identity.use();
            rotation.add(identity.files, identity::useRotated);
            return identity;
        } catch (IOException | GeneralSecurityException e) {
            throw new UnusableFileException("tls: not usable (expected: certificates and their key)", e);
        }
    }

    private void use() throws IOException, GeneralSecurityException {
        TlsFiles.Material now = files.get();
        trust.updateTrustCredentials(now.trusted().toArray(X509Certificate[]::new));
        if (now.key() != null) {
            keys.updateIdentityCredentials(now.chain().toArray(X509Certificate[]::new), now.key());
        }
    }

    private void useRotated() {
        try {
            use();
            log.info(
                    "certificates rotated expire_at={}",
                    expiresAt().map(Instant::toString).orElse("none shown"));
        } catch (IOException | GeneralSecurityException e) {
            log.error("rotated certificates refused, those before stay in use", e);
        }
    }

    /** Returns when the certificate in use ends; nothing for a client that shows none. */
    public Optional<Instant> expiresAt() {
        return files.get().shown().map(certificate -> certificate.getNotAfter().toInstant());
    }

    /** Returns credentials of a server. */
    public ServerCredentials server(ClientCertificate asked) {
        TlsServerCredentials.Builder credentials =
                TlsServerCredentials.newBuilder().keyManager(keys);
        if (asked != ClientCertificate.NONE) {
            credentials
                    .trustManager(trust)
                    .clientAuth(
                            asked == ClientCertificate.REQUIRED
                                    ? TlsServerCredentials.ClientAuth.REQUIRE
                                    : TlsServerCredentials.ClientAuth.OPTIONAL);
        }
        return credentials.build();
    }

    /** Returns credentials of a client. */
    public ChannelCredentials client() {
        TlsChannelCredentials.Builder credentials =
                TlsChannelCredentials.newBuilder().trustManager(trust);
        if (files.get().key() != null) {
            credentials.keyManager(keys);
        }
        return credentials.build();
    }
}
