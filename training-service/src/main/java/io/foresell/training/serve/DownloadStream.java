package io.foresell.training.serve;

import com.google.protobuf.UnsafeByteOperations;
import io.foresell.proto.registry.v1.DownloadPackageResponse;
import io.foresell.training.registry.PackageDownload;
import io.foresell.training.registry.StoreFailures;
import io.grpc.stub.ServerCallStreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Sends a package as fast as the caller takes it, holding one chunk at a time. Callbacks of one call never overlap. */
final class DownloadStream {
    private final PackageDownload download;
    private final ServerCallStreamObserver<DownloadPackageResponse> caller;
    private final MeterRegistry meters;
    private final Counter bytes;
    private boolean hasEnded;

    DownloadStream(
            PackageDownload download, ServerCallStreamObserver<DownloadPackageResponse> caller, MeterRegistry meters) {
        this.download = download;
        this.caller = caller;
        this.meters = meters;
        this.bytes = meters.counter("registry_download_bytes");
    }

    /** Begins when the transport is ready. */
    void start() {
        caller.setOnReadyHandler(this::send);
        caller.setOnCancelHandler(() -> end("cancelled"));
    }

    private void send() {
        try {
            while (!hasEnded && caller.isReady()) {
                byte[] chunk = download.next();
                if (chunk == null) {
                    end("ok");
                    caller.onCompleted();
                } else {
                    bytes.increment(chunk.length);
                    caller.onNext(DownloadPackageResponse.newBuilder()
                            .setChunk(UnsafeByteOperations.unsafeWrap(chunk))
                            .build());
                }
            }
        } catch (RuntimeException | Error e) {
            end("failed");
            caller.onError(StoreFailures.translated(e));
        }
    }

    private void end(String outcome) {
        if (!hasEnded) {
            hasEnded = true;
            download.close();
            meters.counter("registry_download", "outcome", outcome).increment();
        }
    }
}
