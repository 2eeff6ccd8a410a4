package io.foresell.feature.serve;

import io.foresell.feature.define.Catalog;
import io.foresell.feature.ingest.IngestSession;
import io.foresell.feature.ingest.SourceHeader;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.IngestHeader;
import io.foresell.proto.feature.v1.IngestRequest;
import io.foresell.proto.feature.v1.IngestResponse;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * One Ingest stream. The next message is taken only after this one's rows are buffered or written, which slows a fast sender
 * down to the database. Called by one thread at a time.
 */
final class IngestCall implements StreamObserver<IngestRequest> {
    private final FeatureStores stores;
    private final CallSlots.Slot slot;
    private final StreamObserver<IngestResponse> answer;
    private @Nullable IngestSession session;
    private boolean isOver;

    IngestCall(FeatureStores stores, CallSlots.Slot slot, StreamObserver<IngestResponse> answer) {
        this.stores = stores;
        this.slot = slot;
        this.answer = answer;
    }

    @Override
    public void onNext(IngestRequest request) {
        guarded(() -> {
            IngestSession open = session;
            if (open == null) {
                open = open(request);
                session = open;
            } else if (request.hasHeader()) {
                throw new ServiceException(
                        Failure.invalid("HEADER_REPEATED", "header", "sent again", "in the first message only"));
            }
            open.add(
                    request.getRowsList().stream().map(FeatureProtos::fromProto).toList());
        });
    }

    private IngestSession open(IngestRequest request) {
        if (!request.hasHeader()) {
            throw new ServiceException(Failure.invalid("HEADER_MISSING", "header", "absent", "in the first message"));
        }
        IngestHeader header = request.getHeader();
        Catalog catalog = stores.definitions().current();
        SourceHeader checked = SourceHeader.of(
                catalog, header.getViewsList(), header.getColumnsList(), header.getBatchId(), header.getSource());
        return stores.ingestor().open(catalog, checked);
    }

    @Override
    public void onCompleted() {
        guarded(() -> {
            IngestSession open = session;
            if (open == null) {
                throw new ServiceException(
                        Failure.invalid("HEADER_MISSING", "header", "absent", "in the first message"));
            }
            IngestResponse response = FeatureProtos.toProto(open.finish());
            isOver = true;
            slot.close();
            answer.onNext(response);
            answer.onCompleted();
        });
    }

    /** The caller went away: rows not written yet are dropped, none of them was acknowledged. */
    @Override
    public void onError(Throwable cancelled) {
        isOver = true;
        session = null;
        slot.close();
    }

    private void guarded(Runnable work) {
        if (isOver) {
            return;
        }
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            isOver = true;
            session = null;
            slot.close();
            throw e;
        }
    }
}
