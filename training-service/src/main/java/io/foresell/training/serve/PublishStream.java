package io.foresell.training.serve;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.PublishVersionHeader;
import io.foresell.proto.registry.v1.PublishVersionRequest;
import io.foresell.proto.registry.v1.PublishVersionResponse;
import io.foresell.training.registry.ModelRegistry;
import io.foresell.training.registry.Publications;
import io.foresell.training.registry.StoreFailures;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/** One publication on the wire: header, chunks, then the version. Messages are asked for one at a time, so the disk sets the pace. */
final class PublishStream implements StreamObserver<PublishVersionRequest> {
    private static final int MAX_CHUNK_BYTES = 1 << 20;

    private final ModelRegistry registry;
    private final StreamObserver<PublishVersionResponse> caller;
    private Publications.@Nullable Publication publication;
    private boolean hasEnded;

    PublishStream(ModelRegistry registry, StreamObserver<PublishVersionResponse> caller) {
        this.registry = registry;
        this.caller = caller;
    }

    @Override
    public void onNext(PublishVersionRequest request) {
        if (hasEnded) {
            return;
        }
        try {
            take(request);
        } catch (RuntimeException | Error e) {
            end();
            caller.onError(StoreFailures.translated(e));
        }
    }

    private void take(PublishVersionRequest request) {
        Publications.Publication opened = publication;
        if (opened == null) {
            opened = open(request);
            publication = opened;
        } else if (request.hasHeader()) {
            throw new ServiceException(
                    Failure.invalid("HEADER_REPEATED", "header", "in a later message", "in the first message only"));
        }
        int chunkBytes = request.getChunk().size();
        if (chunkBytes > MAX_CHUNK_BYTES) {
            throw new ServiceException(
                    Failure.invalid("CHUNK_TOO_LARGE", "chunk", chunkBytes + " bytes", "at most " + MAX_CHUNK_BYTES));
        }
        opened.incoming().write(request.getChunk().asReadOnlyByteBuffer());
    }

    private Publications.Publication open(PublishVersionRequest request) {
        if (!request.hasHeader()) {
            throw new ServiceException(
                    Failure.invalid("HEADER_MISSING", "header", "absent", "a header in the first message"));
        }
        PublishVersionHeader header = request.getHeader();
        return registry.publications().open(header.getModel(), header.getDigest(), header.getJobId());
    }

    @Override
    public void onError(Throwable cancelled) {
        end();
    }

    @Override
    public void onCompleted() {
        if (hasEnded) {
            return;
        }
        try {
            Answers.unary(caller, this::published);
        } finally {
            end();
        }
    }

    private PublishVersionResponse published() {
        Publications.Publication opened = publication;
        if (opened == null) {
            throw new ServiceException(
                    Failure.invalid("HEADER_MISSING", "header", "absent", "a header in the first message"));
        }
        return PublishVersionResponse.newBuilder()
                .setVersion(RegistryProtos.ofVersion(opened.publish()))
                .build();
    }

    private void end() {
        hasEnded = true;
        if (publication != null) {
            publication.close();
        }
    }
}
