package io.foresell.cli.command;

import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.kit.rotate.UnusableFileException;
import io.foresell.kit.sign.PackageSignature;
import io.foresell.kit.sign.SigningKey;
import io.foresell.kit.sign.TrustedKeys;
import io.foresell.proto.registry.v1.AddSignatureRequest;
import io.foresell.proto.registry.v1.ListSignaturesRequest;
import io.foresell.proto.registry.v1.ModelVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Signatures of packages: the key, signing a version, verifying one as an inference service would. */
@Command(name = "package", sortOptions = false, description = "Sign packages and verify their signatures.")
final class SignatureCommands implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(
                    spec.commandLine(), "package: nothing to do (expected: keygen, sign or verify)");
        }
    }

    private static ServiceException unusable(Path file, Exception e) {
        return new ServiceException(Failure.invalid("FILE_UNUSABLE", "%s: %s".formatted(file, e.getMessage())), e);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    /** Makes a pair of keys. */
    @Command(
            name = "keygen",
            sortOptions = false,
            description = "Make an Ed25519 key pair: FILE is the secret pair, FILE.pub is for those who verify.")
    static final class Keygen implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "FILE", description = "Where to; must not exist.")
        private Path file = Path.of("");

        Keygen(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            SigningKey key = SigningKey.generate();
            Path open = file.resolveSibling(file.getFileName() + ".pub");
            try {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, key.secretPem());
                Files.writeString(open, key.openPem(), StandardOpenOption.CREATE_NEW);
            } catch (IOException e) {
                throw unusable(file, e);
            }
            session.terminal().line("key %s: secret pair %s, public key %s".formatted(key.id(), file, open));
            return ExitCode.OK;
        }
    }

    /** Signs a version. */
    @Command(
            name = "sign",
            sortOptions = false,
            description = "Sign the package of a version with a key that stays here; the registry keeps the signature.")
    static final class Sign implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "MODEL@VERSION", description = "The version.")
        private String model = "";

        @Option(names = "--key", paramLabel = "FILE", required = true, order = 1, description = "The secret pair.")
        private Path file = Path.of("");

        Sign(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            SigningKey key;
            try {
                key = SigningKey.parse("--key", read(file));
            } catch (UnusableFileException e) {
                throw unusable(file, e);
            }
            ModelVersion version = ModelRef.parse(model).resolve(session);
            PackageSignature signature = key.sign(version.getDigest());
            var unused = session.services()
                    .signatures()
                    .addSignature(AddSignatureRequest.newBuilder()
                            .setModel(version.getModel())
                            .setDigest(version.getDigest())
                            .setSignature(io.foresell.proto.registry.v1.PackageSignature.newBuilder()
                                    .setKeyId(signature.keyId())
                                    .setSignature(
                                            ByteString.copyFrom(HexFormat.of().parseHex(signature.hex()))))
                            .build());
            session.terminal()
                    .line("%s@%d signed by key %s".formatted(version.getModel(), version.getVersion(), key.id()));
            return ExitCode.OK;
        }
    }

    /** Verifies a version. */
    @Command(
            name = "verify",
            sortOptions = false,
            description = {
                "Verify that a trusted key signed the package of a version.",
                "Exit code 1 when none did, or the file is another package."
            })
    static final class Verify implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "MODEL@VERSION", description = "The version.")
        private String model = "";

        @Option(names = "--trusted", paramLabel = "PEM", required = true, order = 1, description = "Public keys.")
        private Path trusted = Path.of("");

        @Option(names = "--file", paramLabel = "ZIP", order = 2, description = "Also verify that this is the package.")
        private @Nullable Path file;

        Verify(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            ModelVersion version = ModelRef.parse(model).resolve(session);
            TrustedKeys keys;
            try {
                keys = TrustedKeys.parse("--trusted", read(trusted));
            } catch (UnusableFileException e) {
                throw unusable(trusted, e);
            }
            List<PackageSignature> signatures = signatures(version);
            boolean isThePackage =
                    file == null || PackageCommands.digest(read(file)).equals(version.getDigest());
            boolean isTrusted = keys.isTrusted(version.getDigest(), signatures);
            print(version, signatures, isTrusted, isThePackage);
            return isTrusted && isThePackage ? ExitCode.OK : ExitCode.REFUSED;
        }

        private List<PackageSignature> signatures(ModelVersion version) {
            List<PackageSignature> signatures = new ArrayList<>();
            session.services()
                    .signatures()
                    .listSignatures(ListSignaturesRequest.newBuilder()
                            .setModel(version.getModel())
                            .setDigest(version.getDigest())
                            .build())
                    .getSignaturesList()
                    .forEach(found -> signatures.add(new PackageSignature(
                            found.getKeyId(),
                            HexFormat.of().formatHex(found.getSignature().toByteArray()))));
            return signatures;
        }

        private void print(
                ModelVersion version, List<PackageSignature> signatures, boolean isTrusted, boolean isThePackage) {
            List<String> signers =
                    signatures.stream().map(PackageSignature::keyId).toList();
            if (session.isJson()) {
                JsonObject document = new JsonObject();
                document.addProperty("digest", version.getDigest());
                document.addProperty("isTrusted", isTrusted);
                document.addProperty("isThePackage", isThePackage);
                document.addProperty("signers", String.join(",", signers));
                session.terminal().line(document.toString());
                return;
            }
            session.terminal()
                    .line("%s@%d %s, signed by %s%s"
                            .formatted(
                                    version.getModel(),
                                    version.getVersion(),
                                    isTrusted ? "is trusted" : "is NOT trusted",
                                    signers.isEmpty() ? "nobody" : String.join(", ", signers),
                                    isThePackage ? "" : "; the file is ANOTHER package"));
        }
    }
}
