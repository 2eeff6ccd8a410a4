package io.foresell.training.serve;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.ImportModelHeader;
import io.foresell.proto.registry.v1.ImportModelRequest;
import io.foresell.proto.registry.v1.ImportModelResponse;
import io.foresell.proto.registry.v1.SampleRow;
import io.foresell.proto.registry.v1.SampleRows;
import io.foresell.training.registry.StoreFailures;
import io.foresell.training.registry.foreign.ForeignImports;
import io.foresell.training.registry.foreign.ForeignSignature;
import io.foresell.training.registry.foreign.Sample;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/** One import on the wire: header, file, sample rows, then the version. */
final class ImportStream implements StreamObserver<ImportModelRequest> {
    static final int MAX_CHUNK_BYTES = 1 << 20;

    private final ForeignImports imports;
    private final StreamObserver<ImportModelResponse> caller;
    private final Sample sample = new Sample();
    private ForeignImports.@Nullable Upload upload;
    private @Nullable ImportModelHeader header;
    private @Nullable ForeignSignature signature;
    private boolean hasEnded;

    ImportStream(ForeignImports imports, StreamObserver<ImportModelResponse> caller) {
        this.imports = imports;
        this.caller = caller;
    }

    @Override
    public void onNext(ImportModelRequest request) {
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

    private void take(ImportModelRequest request) {
        ForeignImports.Upload opened = upload;
        switch (request.getPartCase()) {
            case HEADER -> open(request.getHeader());
            case CHUNK -> {
                if (opened == null) {
                    throw missingHeader();
                }
                requireChunk(request.getChunk().size());
                opened.write(request.getChunk().toByteArray());
            }
            case SAMPLE -> {
                if (opened == null) {
                    throw missingHeader();
                }
                add(request.getSample());
            }
            case PART_NOT_SET -> throw new ServiceException(
                    Failure.invalid("PART_MISSING", "part", "nothing", "header, chunk or sample"));
        }
    }

    static void requireChunk(int chunkBytes) {
        if (chunkBytes > MAX_CHUNK_BYTES) {
            throw new ServiceException(
                    Failure.invalid("CHUNK_TOO_LARGE", "chunk", chunkBytes + " bytes", "at most " + MAX_CHUNK_BYTES));
        }
    }

    private static ServiceException missingHeader() {
        return new ServiceException(
                Failure.invalid("HEADER_MISSING", "header", "absent", "a header in the first message"));
    }

    private void open(ImportModelHeader first) {
        if (header != null) {
            throw new ServiceException(
                    Failure.invalid("HEADER_REPEATED", "header", "in a later message", "in the first message only"));
        }
        ForeignSignature read = ImportProtos.toSignature(first.getSignature());
        ForeignImports.require(first.getModel(), first.getFileName(), read);
        upload = imports.open();
        header = first;
        signature = read;
    }

    private void add(SampleRows rows) {
        sample.name(rows.getColumnsList());
        for (SampleRow row : rows.getRowsList()) {
            sample.add(row.getCellsList());
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
            Answers.unary(caller, this::imported);
        } finally {
            end();
        }
    }

    private ImportModelResponse imported() {
        ForeignImports.Upload opened = upload;
        ImportModelHeader first = header;
        ForeignSignature read = signature;
        if (opened == null || first == null || read == null) {
            throw missingHeader();
        }
        return ImportProtos.ofImported(imports.publish(first.getModel(), first.getFileName(), read, opened, sample));
    }

    private void end() {
        hasEnded = true;
        if (upload != null) {
            upload.close();
        }
    }
}
