package io.foresell.inference.fetch;

import io.foresell.kit.FailureStatus;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.DownloadPackageRequest;
import io.foresell.proto.registry.v1.DownloadPackageResponse;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc.ModelRegistryServiceBlockingStub;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/** Downloads packages from the registry. Used by the load lane's thread; blocks it. */
public final class RegistryClient implements PackageSource {
    // A package of the greatest size over 10 MB/s; a dead peer is found earlier by keep-alive.
    private static final long DOWNLOAD_MINUTES = 2;

    private final ModelRegistryServiceBlockingStub stub;

    public RegistryClient(GrpcClient registry) {
        this.stub = ModelRegistryServiceGrpc.newBlockingStub(registry.channel());
    }

    @Override
    public void fetch(String model, RoutedVersion version, PackageStore store) throws IOException {
        DownloadPackageRequest request = DownloadPackageRequest.newBuilder()
                .setModel(model)
                .setVersion(version.version())
                .build();
        // Cancelling the context ends the stream on the registry's side when the download is given up half-way.
        Context.CancellableContext context = Context.ROOT.withCancellation();
        Context before = context.attach();
        try {
            Iterator<DownloadPackageResponse> chunks =
                    stub.withDeadlineAfter(DOWNLOAD_MINUTES, TimeUnit.MINUTES).downloadPackage(request);
            store.write(version, new Chunks(chunks));
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
