package io.foresell.gateway.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.gateway.config.GatewayConfig;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rotated files that cannot be used leave those before in use and are told, until sound ones come. */
class TlsFilesTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path folder;

    private TlsFiles files;

    @BeforeAll
    static void makeCertificates() throws Exception {
        make("first", "365");
        make("second", "365");
        make("expired", "-1");
    }

    @BeforeEach
    void readFirst() throws Exception {
        use("first", "first");
        files = new TlsFiles(new Places(folder));
        files.readFirst();
    }

    /** Where the files lie. */
    private record Places(Path folder) implements GatewayConfig.Tls {
        @Override
        public Optional<String> trust() {
            return Optional.of(folder.resolve("trust.pem").toString());
        }

        @Override
        public Optional<String> certificate() {
            return Optional.of(folder.resolve("cert.pem").toString());
        }

        @Override
        public Optional<String> privateKey() {
            return Optional.of(folder.resolve("key.pem").toString());
        }

        @Override
        public Duration rotation() {
            return Duration.ofSeconds(1);
        }
    }

    /** Makes a certificate with the tool of the JDK; below zero days, one that has ended. */
    private static void make(String name, String days) throws Exception {
        Path store = folder.resolve(name + ".p12");
        boolean isPast = days.startsWith("-");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "it",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-validity",
                        isPast ? "1" : days,
                        "-startdate",
                        isPast ? "-3d" : "-1d",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        pem(name + ".cert", "CERTIFICATE", keys.getCertificate("it").getEncoded());
        pem(name + ".key", "PRIVATE KEY", keys.getKey("it", PASSWORD).getEncoded());
    }

    private static void pem(String file, String kind, byte[] bytes) throws Exception {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                folder.resolve(file), "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, text, kind));
    }

    private static void use(String certificate, String key) throws Exception {
        Files.writeString(folder.resolve("trust.pem"), Files.readString(folder.resolve(certificate + ".cert")));
        Files.writeString(folder.resolve("cert.pem"), Files.readString(folder.resolve(certificate + ".cert")));
        Files.writeString(folder.resolve("key.pem"), Files.readString(folder.resolve(key + ".key")));
    }

    private String shown() {
        return files.keys()
                .getCertificateChain("default")[0]
                .getSubjectX500Principal()
                .getName();
    }

    @Test
    void takesSoundFilesIntoUse() throws Exception {
        assertThat(shown()).isEqualTo("CN=first");
        use("second", "second");
        files.poll();
        assertThat(files.problem()).isEmpty();
        assertThat(shown()).isEqualTo("CN=second");
    }

    @Test
    void tellsOfFilesThatCannotBeUsedUntilTheyCan() throws Exception {
        use("second", "first");
        files.poll();
        assertThat(files.problem()).contains("private-key: not that of the certificate");
        use("expired", "expired");
        files.poll();
        assertThat(files.problem()).contains("foresell.tls: ", "(expected: readable PEM files, valid now");
        Files.writeString(folder.resolve("cert.pem"), "no certificate");
        files.poll();
        assertThat(files.problem()).isNotEmpty();
        Files.delete(folder.resolve("cert.pem"));
        files.poll();
        assertThat(files.problem()).contains("cert.pem");
        assertThat(shown()).isEqualTo("CN=first");
        use("second", "second");
        files.poll();
        assertThat(files.problem()).isEmpty();
    }

    @Test
    void beginsWithSoundFilesOnly() throws Exception {
        use("expired", "expired");
        assertThatThrownBy(() -> new TlsFiles(new Places(folder)).readFirst()).hasMessageContaining("foresell.tls: ");
    }
}
