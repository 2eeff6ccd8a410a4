package io.foresell.inference.fetch;

import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.DownloadPackageRequest;
import io.foresell.proto.registry.v1.DownloadPackageResponse;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc.ModelRegistryServiceBlockingStub;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/** Downloads packages from the registry; blocks the caller's thread. Thread-safe. */
public final class RegistryClient implements PackageSource {
    // A package of the greatest size over 10 MB/s; a dead peer is found earlier by keep-alive.
    private static final long DOWNLOAD_MINUTES = 2;

    private final ModelRegistryServiceBlockingStub stub;

    public RegistryClient(GrpcClient registry) {
        this.stub = ModelRegistryServiceGrpc.newBlockingStub(registry.channel());
    }

    @Override
    public void fetch(String model, RoutedVersion version, PackageStore store) throws IOException {
        download(model, version.version(), chunks -> store.write(version, chunks));
    }

    /**
     * Downloads a package into memory, not verified.
     *
     * @throws ServiceException DATA_LOSS when it is larger than {@code maxBytes}, else what the registry answered
     */
    public byte[] read(String model, int version, int maxBytes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        download(model, version, chunks -> {
            while (chunks.hasNext()) {
                ByteBuffer chunk = chunks.next();
                if (bytes.size() + chunk.remaining() > maxBytes) {
                    throw new ServiceException(Failure.dataLoss(
                            "PACKAGE_CORRUPTED",
                            "package_bytes of the download: above %d (expected: at most %d)"
                                    .formatted(maxBytes, maxBytes)));
                }
                byte[] some = new byte[chunk.remaining()];
                chunk.get(some);
                bytes.write(some);
            }
        });
        return bytes.toByteArray();
    }

    private interface ChunkReader {
        void read(Iterator<ByteBuffer> chunks) throws IOException;
    }

    private void download(String model, int version, ChunkReader reader) throws IOException {
        DownloadPackageRequest request = DownloadPackageRequest.newBuilder()
                .setModel(model)
                .setVersion(version)
                .build();
        // Cancelling the context ends the stream on the registry's side when the download is given up half-way.
        Context.CancellableContext context = Context.ROOT.withCancellation();
        Context before = context.attach();
        try {
            Iterator<DownloadPackageResponse> chunks =
                    stub.withDeadlineAfter(DOWNLOAD_MINUTES, TimeUnit.MINUTES).downloadPackage(request);
            reader.read(new Chunks(chunks));
        } catch (StatusRuntimeException e) {
            throw new ServiceException(FailureStatus.fromStatus(e), e);
        } finally {
            context.detach(before);
            context.cancel(null);
        }
    }

    private record Chunks(Iterator<DownloadPackageResponse> messages) implements Iterator<ByteBuffer> {
        @Override
        public boolean hasNext() {
            return messages.hasNext();
        }

        @Override
        public ByteBuffer next() {
            return messages.next().getChunk().asReadOnlyByteBuffer();
        }
    }
}
