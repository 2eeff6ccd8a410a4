package io.foresell.kit.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.rotate.Rotation;
import io.foresell.kit.rotate.UnusableFileException;
import io.foresell.kit.tls.TlsIdentity.ClientCertificate;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that change while calls run, over real handshakes. */
final class TlsRotationTest {
    @TempDir
    private Path folder;

    private final Rotation rotation = Rotation.every(Duration.ofMillis(30));
    private TestAuthority authority;
    private Path serverFolder;
    private TlsFiles serverFiles;
    private TlsFiles clientFiles;
    private Server server;

    @BeforeEach
    void start() throws Exception {
        authority = new TestAuthority("authority");
        serverFolder = Files.createDirectories(folder.resolve("server"));
        serverFiles = authority.write(serverFolder, authority.issue("server-1", Duration.ofHours(1)));
        clientFiles = authority.write(
                Files.createDirectories(folder.resolve("client")), authority.issue("client-1", Duration.ofHours(1)));
        server = NettyServerBuilder.forAddress(
                        new InetSocketAddress("localhost", 0),
                        TlsIdentity.ofServer(serverFiles, rotation).server(ClientCertificate.REQUIRED))
                .addService(new HealthStatusManager().getHealthService())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
        rotation.close();
    }

    private ManagedChannel channel(TlsFiles files) throws UnusableFileException {
        return NettyChannelBuilder.forTarget(
                        "localhost:" + server.getPort(),
                        TlsIdentity.ofClient(files, rotation).client())
                .build();
    }

    private static boolean answers(ManagedChannel channel) {
        try {
            return HealthGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(5, java.util.concurrent.TimeUnit.SECONDS)
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatusValue()
                    == 1;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    /** Returns the serial number that the server shows to a new connection. */
    private String shown() throws Exception {
        var context = javax.net.ssl.SSLContext.getInstance("TLS");
        var trust = io.grpc.util.AdvancedTlsX509TrustManager.newBuilder()
                .setVerification(io.grpc.util.AdvancedTlsX509TrustManager.Verification.INSECURELY_SKIP_ALL_VERIFICATION)
                .build();
        context.init(null, new javax.net.ssl.TrustManager[] {trust}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", server.getPort())) {
            socket.startHandshake();
            return ((java.security.cert.X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    private String shownAfter(String before) throws Exception {
        for (int i = 0; i < 200; i++) {
            String now = shown();
            if (!now.equals(before)) {
                return now;
            }
            Thread.sleep(20);
        }
        return before;
    }

    @Test
    void aRotatedCertificateIsShownWithoutAFailedCall() throws Exception {
        ManagedChannel standing = channel(clientFiles);
        AtomicBoolean isRunning = new AtomicBoolean(true);
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        Thread caller = new Thread(() -> {
            while (isRunning.get()) {
                (answers(standing) ? answered : failed).incrementAndGet();
            }
        });
        caller.start();
        assertThat(shown()).isEqualTo("CN=server-1");
        for (int i = 2; i <= 4; i++) {
            authority.write(serverFolder, authority.issue("server-" + i, Duration.ofHours(1)));
            assertThat(shownAfter("CN=server-" + (i - 1))).isEqualTo("CN=server-" + i);
            ManagedChannel fresh = channel(clientFiles);
            assertThat(answers(fresh)).isTrue();
            fresh.shutdownNow();
        }
        isRunning.set(false);
        caller.join();
        standing.shutdownNow();
        assertThat(failed).hasValue(0);
        assertThat(answered.get()).isPositive();
    }

    @Test
    void aBrokenCertificateLeavesTheOldOneAndSaysSo() throws Exception {
        TestAuthority.replace(serverFolder.resolve("cert.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n");
        awaitProblem("tls.certificate");
        assertThat(shown()).isEqualTo("CN=server-1");

        authority.write(serverFolder, authority.issue("server-2", Duration.ofMinutes(-1)));
        awaitProblem("valid until");
        assertThat(shown()).isEqualTo("CN=server-1");

        // The certificate of one rotation with the key of another.
        var mixed = new TestAuthority.Issued(
                authority.issue("server-3", Duration.ofHours(1)).certificate(), TestAuthority.pair());
        authority.write(serverFolder, mixed);
        awaitProblem("does not belong");
        assertThat(shown()).isEqualTo("CN=server-1");
        ManagedChannel fresh = channel(clientFiles);
        assertThat(answers(fresh)).isTrue();
        fresh.shutdownNow();

        authority.write(serverFolder, authority.issue("server-4", Duration.ofHours(1)));
        assertThat(shownAfter("CN=server-1")).isEqualTo("CN=server-4");
        assertThat(rotation.problems()).isEmpty();
    }

    private void awaitProblem(String text) throws InterruptedException {
        for (int i = 0; i < 200 && !rotation.problems().toString().contains(text); i++) {
            Thread.sleep(20);
        }
        assertThat(rotation.problems().toString()).contains(text);
    }

    @Test
    void aRotatedAuthorityIsTrustedAndTheOldOneNotAnyMore() throws Exception {
        TestAuthority next = new TestAuthority("next");
        TlsFiles nextClient = next.write(
                Files.createDirectories(folder.resolve("next")), next.issue("client-2", Duration.ofHours(1)));
        // The new client trusts the old authority: only what the server trusts is asked here.
        Path both = folder.resolve("both.pem");
        Files.writeString(both, Files.readString(authority.trust(Files.createTempDirectory(folder, "t"))));
        TlsFiles asking = new TlsFiles(nextClient.certificateChain(), nextClient.privateKey(), both);
        ManagedChannel before = channel(asking);
        assertThat(answers(before)).isFalse();
        before.shutdownNow();
        next.trust(serverFolder);
        boolean isTrusted = false;
        for (int i = 0; i < 50 && !isTrusted; i++) {
            ManagedChannel after = channel(asking);
            isTrusted = answers(after);
            after.shutdownNow();
            Thread.sleep(20);
        }
        assertThat(isTrusted).isTrue();
        ManagedChannel old = channel(clientFiles);
        assertThat(answers(old)).isFalse();
        old.shutdownNow();
    }

    @Test
    void whoShowsNoneOrTrustsAnotherDoesNotConnect() throws Exception {
        ManagedChannel bare = channel(new TlsFiles(Optional.empty(), Optional.empty(), clientFiles.trust()));
        assertThat(answers(bare)).isFalse();
        bare.shutdownNow();
        TestAuthority stranger = new TestAuthority("stranger");
        Path trust = stranger.trust(Files.createDirectories(folder.resolve("stranger")));
        ManagedChannel wary = channel(new TlsFiles(clientFiles.certificateChain(), clientFiles.privateKey(), trust));
        assertThat(answers(wary)).isFalse();
        wary.shutdownNow();
    }

    @Test
    void whatCannotBeUsedAtTheStartIsSaid() throws IOException {
        Files.writeString(serverFolder.resolve("key.pem"), "nothing");
        assertThatThrownBy(() -> TlsIdentity.ofServer(serverFiles, rotation))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("tls.private-key")
                .hasMessageContaining("PKCS#8");
    }
}
