package io.foresell.inference.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.GrpcServer;
import io.foresell.kit.ServiceException;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.kit.sign.PackageSignature;
import io.foresell.kit.sign.SigningKey;
import io.foresell.kit.sign.TrustedKeys;
import io.foresell.proto.registry.v1.ListSignaturesRequest;
import io.foresell.proto.registry.v1.ListSignaturesResponse;
import io.foresell.proto.registry.v1.PackageSignatureServiceGrpc;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which packages are taken when keys are trusted; the registry hands signatures over and may lie. */
final class PackageTrustTest {
    private static final RoutedVersion VERSION = new RoutedVersion(3, 100, "ab".repeat(32), 10);

    @TempDir
    private Path folder;

    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    private final List<PackageSignature> signatures = new CopyOnWriteArrayList<>();
    private final SigningKey signer = SigningKey.generate();
    private GrpcServer registry;
    private int port;
    private PackageStore store;
    private PackageTrust trust;

    private final class Signatures extends PackageSignatureServiceGrpc.PackageSignatureServiceImplBase {
        @Override
        public void listSignatures(ListSignaturesRequest request, StreamObserver<ListSignaturesResponse> answer) {
            ListSignaturesResponse.Builder response = ListSignaturesResponse.newBuilder();
            signatures.forEach(signature -> response.addSignaturesBuilder()
                    .setKeyId(signature.keyId())
                    .setSignature(ByteString.copyFrom(HexFormat.of().parseHex(signature.hex()))));
            answer.onNext(response.build());
            answer.onCompleted();
        }
    }

    @BeforeEach
    void start() throws Exception {
        registry = GrpcServer.start(
                "registry",
                WireSettings.local(0, 0),
                Telemetry.local("registry"),
                GrpcServer.Threads.POOL,
                List.of(new Signatures()));
        registry.setServing(true);
        port = registry.port();
        store = resources.add(PackageStore.open(folder.resolve("cache"), 1 << 20));
        trust = trusting(signer, SigningKey.generate());
    }

    private PackageTrust trusting(SigningKey... keys) throws Exception {
        StringBuilder pem = new StringBuilder();
        for (SigningKey key : keys) {
            pem.append(key.openPem());
        }
        TrustedKeys trusted = TrustedKeys.parse("trusted", pem.toString().getBytes(StandardCharsets.US_ASCII));
        GrpcClient client =
                resources.add(GrpcClient.open("localhost:" + port, WireSettings.local(0, 0), Telemetry.local("test")));
        return PackageTrust.of(() -> trusted, client, store);
    }

    @AfterEach
    void stop() {
        resources.close();
        if (registry.isServing()) {
            registry.close();
        }
    }

    private void assertRefused(String words) {
        assertThatThrownBy(() -> trust.require("churn", VERSION))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("PACKAGE_UNTRUSTED")
                .hasMessageContaining("churn@3")
                .hasMessageContaining(words)
                .hasMessageContaining(signer.id());
    }

    @Test
    void onlyWhatATrustedKeySignedIsTaken() {
        assertRefused("signed by nobody");
        SigningKey stranger = SigningKey.generate();
        signatures.add(stranger.sign(VERSION.digest()));
        assertRefused(stranger.id());
        signatures.add(signer.sign("cd".repeat(32))); // of another package
        assertRefused(signer.id());
        signatures.add(new PackageSignature(
                signer.id(), stranger.sign(VERSION.digest()).hex()));
        assertRefused(signer.id());
        signatures.add(signer.sign(VERSION.digest())); // signed later: taken at the next try
        assertThatCode(() -> trust.require("churn", VERSION)).doesNotThrowAnyException();
    }

    @Test
    void aStartWithoutTheRegistryVerifiesWhatItKept() throws Exception {
        signatures.add(signer.sign(VERSION.digest()));
        trust.require("churn", VERSION);
        registry.close();
        assertThatCode(() -> trusting(signer).require("churn", VERSION)).doesNotThrowAnyException();
        // A key that is not trusted any more is not trusted from the disk either.
        assertThatThrownBy(() -> trusting(SigningKey.generate()).require("churn", VERSION))
                .isInstanceOf(ServiceException.class);
        Path kept = folder.resolve("cache").resolve(VERSION.digest() + ".sig");
        Files.writeString(kept, signer.id() + " " + "0".repeat(128) + "\nnonsense\n");
        assertThatThrownBy(() -> trusting(signer).require("churn", VERSION)).isInstanceOf(ServiceException.class);
    }

    @Test
    void keysAreReadAsPairsAndListsOnly() {
        assertThatThrownBy(() -> SigningKey.parse("key", signer.openPem().getBytes(StandardCharsets.US_ASCII)))
                .hasMessageContaining("BEGIN PRIVATE KEY");
        String mixed = signer.secretPem().substring(0, signer.secretPem().indexOf("-----BEGIN PUBLIC"))
                + SigningKey.generate().openPem();
        assertThatThrownBy(() -> SigningKey.parse("key", mixed.getBytes(StandardCharsets.US_ASCII)))
                .hasMessageContaining("not a pair");
        assertThatThrownBy(() -> TrustedKeys.parse("trusted", new byte[0])).hasMessageContaining("BEGIN PUBLIC KEY");
        assertThat(signer.id()).hasSize(16);
    }
}
