package io.foresell.training.serve;

import io.foresell.proto.registry.v1.InspectModelRequest;
import io.foresell.proto.registry.v1.InspectModelResponse;
import io.foresell.training.registry.StoreFailures;
import io.foresell.training.registry.foreign.ForeignImports;
import io.grpc.stub.StreamObserver;

/** One file to look at: chunks, then the drafted signature. */
final class InspectStream implements StreamObserver<InspectModelRequest> {
    private final ForeignImports imports;
    private final ForeignImports.Upload upload;
    private final StreamObserver<InspectModelResponse> caller;
    private boolean hasEnded;

    /** Opens the upload; throws when too many are open. */
    InspectStream(ForeignImports imports, StreamObserver<InspectModelResponse> caller) {
        this.imports = imports;
        this.upload = imports.open();
        this.caller = caller;
    }

    @Override
    public void onNext(InspectModelRequest request) {
        if (hasEnded) {
            return;
        }
        try {
            ImportStream.requireChunk(request.getChunk().size());
            upload.write(request.getChunk().toByteArray());
        } catch (RuntimeException | Error e) {
            end();
            caller.onError(StoreFailures.translated(e));
        }
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
            Answers.unary(caller, () -> ImportProtos.ofDraft(imports.inspect(upload)));
        } finally {
            end();
        }
    }

    private void end() {
        hasEnded = true;
        upload.close();
    }
}
