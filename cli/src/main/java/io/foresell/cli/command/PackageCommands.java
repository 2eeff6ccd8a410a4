package io.foresell.cli.command;

import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import io.foresell.cli.call.Upload;
import io.foresell.cli.terminal.ProgressBar;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.DownloadPackageRequest;
import io.foresell.proto.registry.v1.DownloadPackageResponse;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.registry.v1.PublishVersionHeader;
import io.foresell.proto.registry.v1.PublishVersionRequest;
import io.foresell.proto.registry.v1.PublishVersionResponse;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Model packages on their way down and up, always checked against their digest. */
final class PackageCommands {
    private static final int CHUNK_BYTES = 512 << 10;

    private PackageCommands() {}

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Returns the digest of a package. */
    static String digest(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static ServiceException unusable(Path file, IOException e) {
        return new ServiceException(
                Failure.invalid("FILE_UNUSABLE", "%s: %s (expected: a usable file)".formatted(file, e)), e);
    }

    /** Saves the package of a version. */
    @Command(name = "download", sortOptions = false, description = "Save the package of a version, verified.")
    static final class Download implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "MODEL@VERSION", description = "The version.")
        private String model = "";

        @Option(
                names = {"-o", "--out"},
                paramLabel = "FILE",
                order = 1,
                description = "Where to (default: MODEL-VERSION.zip).")
        private @Nullable Path out;

        Download(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            ModelVersion version = ModelRef.parse(model).resolve(session);
            Path target = out != null ? out : Path.of("%s-%d.zip".formatted(version.getModel(), version.getVersion()));
            Path partial = target.resolveSibling(target.getFileName() + ".partial");
            try {
                String digest = save(version, partial);
                if (!digest.equals(version.getDigest())) {
                    Files.delete(partial);
                    throw Status.DATA_LOSS
                            .withDescription("digest: %s (expected: %s)".formatted(digest, version.getDigest()))
                            .asRuntimeException();
                }
                Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw unusable(target, e);
            }
            print(version, target);
            return ExitCode.OK;
        }

        private String save(ModelVersion version, Path partial) throws IOException {
            MessageDigest digest = sha256();
            try (OutputStream file = Files.newOutputStream(partial);
                    ProgressBar bar = session.progress()) {
                Iterator<DownloadPackageResponse> chunks = session.services()
                        .registryDownloads()
                        .downloadPackage(DownloadPackageRequest.newBuilder()
                                .setModel(version.getModel())
                                .setVersion(version.getVersion())
                                .build());
                long bytes = 0;
                while (chunks.hasNext()) {
                    ByteString chunk = chunks.next().getChunk();
                    chunk.writeTo(file);
                    digest.update(chunk.asReadOnlyByteBuffer());
                    bytes += chunk.size();
                    bar.update("download", (double) bytes / Math.max(1, version.getPackageBytes()), Shown.bytes(bytes));
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        }

        private void print(ModelVersion version, Path target) {
            if (session.isJson()) {
                JsonObject document = new JsonObject();
                document.addProperty("file", target.toString());
                document.addProperty("digest", version.getDigest());
                document.addProperty("packageBytes", version.getPackageBytes());
                session.terminal().line(Json.text(document));
            } else {
                session.terminal()
                        .line("%s  %s  sha256 %s"
                                .formatted(target, Shown.bytes(version.getPackageBytes()), version.getDigest()));
            }
        }
    }

    /** Publishes a package from a file. */
    @Command(name = "publish", sortOptions = false, description = "Publish a package as the next version of its model.")
    static final class Publish implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "FILE.zip", description = "The package.")
        private @Nullable Path file;

        @Option(names = "--model", paramLabel = "NAME", required = true, order = 1, description = "The model's name.")
        private String model = "";

        Publish(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            if (file == null) {
                throw new IllegalStateException("picocli requires the file");
            }
            PublishVersionResponse response = publish(file);
            session.answer(response, () -> ModelsCommand.printHead(session.terminal(), response.getVersion()));
            return ExitCode.OK;
        }

        private PublishVersionResponse publish(Path source) {
            PublishVersionHeader header = PublishVersionHeader.newBuilder()
                    .setModel(model)
                    .setDigest(digest(source))
                    .build();
            try (InputStream in = Files.newInputStream(source);
                    ProgressBar bar = session.progress()) {
                long size = Math.max(1, Files.size(source));
                long[] sentBytes = {0};
                return Upload.<PublishVersionRequest, PublishVersionResponse>send(
                        session.services().registryUploads()::publishVersion, new Chunks(header, in), message -> {
                            sentBytes[0] += message.getChunk().size();
                            bar.update("publish", (double) sentBytes[0] / size, Shown.bytes(sentBytes[0]));
                        });
            } catch (IOException e) {
                throw unusable(source, e);
            }
        }

        private static String digest(Path source) {
            MessageDigest digest = sha256();
            try (InputStream in = Files.newInputStream(source)) {
                byte[] buffer = new byte[CHUNK_BYTES];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    digest.update(buffer, 0, read);
                }
            } catch (IOException e) {
                throw unusable(source, e);
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    /** The header, then the file in chunks. */
    private static final class Chunks implements Iterator<PublishVersionRequest> {
        private final InputStream in;
        private @Nullable PublishVersionRequest next;

        Chunks(PublishVersionHeader header, InputStream in) {
            this.in = in;
            next = PublishVersionRequest.newBuilder().setHeader(header).build();
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public PublishVersionRequest next() {
            PublishVersionRequest current = next;
            if (current == null) {
                throw new NoSuchElementException("no more chunks");
            }
            try {
                byte[] chunk = in.readNBytes(CHUNK_BYTES);
                next = chunk.length == 0
                        ? null
                        : PublishVersionRequest.newBuilder()
                                .setChunk(ByteString.copyFrom(chunk))
                                .build();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return current;
        }
    }
}
