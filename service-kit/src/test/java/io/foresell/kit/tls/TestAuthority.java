package io.foresell.kit.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that signs real certificates for tests. */
public final class TestAuthority {
    private static final AtomicInteger SERIAL = new AtomicInteger(1);

    private final KeyPair keys;
    private final X509Certificate certificate;

    /** A certificate with its key. */
    public record Issued(X509Certificate certificate, KeyPair keys) {}

    public TestAuthority(String name) throws GeneralSecurityException, IOException {
        keys = pair();
        certificate = sign(name, keys, name, keys, true, Duration.ofDays(1));
    }

    public static KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    /** Signs a certificate for {@code localhost}, with this common name. */
    public Issued issue(String name, Duration valid) throws GeneralSecurityException, IOException {
        KeyPair own = pair();
        String issuer = certificate.getSubjectX500Principal().getName().substring(3);
        return new Issued(sign(name, own, issuer, keys, false, valid), own);
    }

    private static X509Certificate sign(
            String name, KeyPair subject, String issuer, KeyPair signer, boolean isAuthority, Duration valid)
            throws GeneralSecurityException, IOException {
        try {
            Instant now = Instant.now();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Principal("CN=" + issuer),
                    BigInteger.valueOf(SERIAL.getAndIncrement()),
                    Date.from(now.minusSeconds(3600)),
                    Date.from(now.plus(valid)),
                    new X500Principal("CN=" + name),
                    subject.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
            if (!isAuthority) {
                GeneralName[] names = {
                    new GeneralName(GeneralName.dNSName, "localhost"),
                    new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                    new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://test/" + name)
                };
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
        } catch (OperatorCreationException | CertIOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    public static String pem(String type, byte[] der) {
        StringWriter text = new StringWriter();
        text.write("-----BEGIN " + type + "-----\n");
        text.write(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
        text.write("\n-----END " + type + "-----\n");
        return text.toString();
    }

    /** Writes certificate, key and this authority as trust; each file appears whole. */
    public TlsFiles write(Path folder, Issued issued) throws GeneralSecurityException, IOException {
        replace(
                folder.resolve("cert.pem"),
                pem("CERTIFICATE", issued.certificate().getEncoded()));
        replace(
                folder.resolve("key.pem"),
                pem("PRIVATE KEY", issued.keys().getPrivate().getEncoded()));
        return new TlsFiles(
                Optional.of(folder.resolve("cert.pem")), Optional.of(folder.resolve("key.pem")), trust(folder));
    }

    /** Writes this authority as trust. */
    public Path trust(Path folder) throws GeneralSecurityException, IOException {
        replace(folder.resolve("trust.pem"), pem("CERTIFICATE", certificate.getEncoded()));
        return folder.resolve("trust.pem");
    }

    public static void replace(Path file, String text) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, text);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
