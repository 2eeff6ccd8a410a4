package io.foresell.inference.serve;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.inference.admit.CallerQuotas;
import io.foresell.inference.lookup.FeatureSetRef;
import io.foresell.inference.lookup.KnownFeatures;
import io.foresell.inference.serve.BulkStreams.Start;
import io.foresell.inference.serve.OpenStreams.Drainable;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.manifest.Manifest;
import io.foresell.proto.inference.v1.BulkHeader;
import io.foresell.proto.inference.v1.BulkRow;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import io.foresell.proto.inference.v1.ScoreBulkResponse;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bulk stream: one message at a time, on the bulk lane. The next is asked for when the answer is on its way and the caller
 * reads, so that a stream holds at most one message and one answer in memory.
 */
final class BulkStream implements StreamObserver<byte[]>, Drainable {
    static final int MAX_ROWS = 1024;

    private static final Logger log = LoggerFactory.getLogger(BulkStream.class);

    private final BulkStreams owner;
    private final ServerCallStreamObserver<ScoreBulkResponse> responses;
    private final Context context = Context.current(); // deadline, quota and trace, for the lane's threads

    // Used by one message at a time.
    private @Nullable Start start; // null before the header
    private ScoreRequest template = ScoreRequest.getDefaultInstance();
    private long position;

    @GuardedBy("this")
    private boolean isBusy; // a message is being worked on

    @GuardedBy("this")
    private boolean isOwed; // answered while the caller did not read; the next message is not asked for yet

    @GuardedBy("this")
    private boolean isPaused; // the caller's quota is spent; the next message is not asked for yet

    @GuardedBy("this")
    private long heardNanos = System.nanoTime(); // when the caller was last heard or answered

    @GuardedBy("this")
    private boolean isHalfClosed;

    @GuardedBy("this")
    private boolean isDraining;

    @GuardedBy("this")
    private boolean hasDropped; // a message that came while draining, so that the end is no good one

    @GuardedBy("this")
    private boolean isEnded;

    BulkStream(BulkStreams owner, ServerCallStreamObserver<ScoreBulkResponse> responses) {
        this.owner = owner;
        this.responses = responses;
    }

    /** Takes over flow control; must happen before gRPC's call of the method returns. */
    void start() {
        responses.disableAutoRequest();
        responses.setOnReadyHandler(this::readOwed);
        responses.setOnCancelHandler(this::cancelled);
        responses.request(1);
    }

    @Override
    public void onNext(byte[] message) {
        synchronized (this) {
            if (isEnded || isDraining) {
                hasDropped = true; // not answered, hence not counted: it is sent again with the token
                return;
            }
            isBusy = true;
            heardNanos = System.nanoTime();
        }
        owner.parts().bulkLane().run(context.wrap(() -> guarded(() -> take(message))));
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void take(byte[] message) {
        ScoreBulkRequest request = parsed(message);
        Start known = start;
        if (known == null) {
            open(request);
        } else {
            switch (request.getPartCase()) {
                case NAMED_ROWS -> rows(known, template.toBuilder().setNamedRows(request.getNamedRows()));
                case PACKED_ROWS -> rows(known, template.toBuilder().setPackedRows(request.getPackedRows()));
                case ENTITY_KEYS -> entities(known, template.toBuilder().setEntityKeys(request.getEntityKeys()));
                case HEADER -> throw misplaced("a second header", "rows after the header");
                case PART_NOT_SET -> throw misplaced("nothing", "named_rows, packed_rows or entity_keys");
            }
        }
    }

    private static ScoreBulkRequest parsed(byte[] message) {
        try {
            return ScoreBulkRequest.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new ServiceException(
                    Failure.invalid("MESSAGE_UNREADABLE", "message", message.length + " bytes", "a ScoreBulkRequest"));
        }
    }

    private static ServiceException misplaced(String actual, String expected) {
        return new ServiceException(Failure.invalid("PART_UNEXPECTED", "part", actual, expected));
    }

    private void open(ScoreBulkRequest request) {
        if (!request.hasHeader()) {
            throw misplaced("rows before the header", "the header first");
        }
        BulkHeader header = request.getHeader();
        boolean isDeferred = owner.defer(
                header,
                () -> owner.parts().bulkLane().run(context.wrap(() -> guarded(() -> open(request)))),
                this::fail);
        if (isDeferred) {
            return;
        }
        Start chosen;
        try {
            chosen = owner.start(header);
        } catch (ServiceException e) {
            if (!ParkedModels.hasLeft(e)) {
                throw e;
            }
            open(request); // it left memory between two looks
            return;
        }
        template = ScoreRequest.newBuilder()
                .setModel(chosen.model())
                .setVersion(chosen.served().version())
                .setReasonCount(header.getReasonCount())
                .setLanguage(header.getLanguage())
                .setLabelCount(header.getLabelCount())
                .setReasonLabel(header.getReasonLabel())
                .build();
        position = chosen.position();
        pin(chosen);
        log.info(
                "bulk stream open model={} version={} position={}",
                chosen.model(),
                chosen.served().version(),
                position);
        answer(chosen, List.of());
    }

    private synchronized void pin(Start chosen) {
        if (!isEnded) { // a call that was cancelled meanwhile would never let go
            owner.parts().pins().pin(chosen.model(), chosen.served());
            start = chosen;
        }
    }

    private static ScoreQuery query(ScoreRequest.Builder request) {
        ScoreQuery query = ScoreQuery.of(request.build());
        if (query.rowCount() > MAX_ROWS) {
            throw new ServiceException(
                    Failure.invalid("ROW_COUNT_OUT_OF_RANGE", "row_count", query.rowCount(), "1.." + MAX_ROWS));
        }
        return query;
    }

    private void rows(Start known, ScoreRequest.Builder request) {
        answer(known, new BulkScorer(query(request), known, owner.parts().bulkLane(), owner.recording()).scoreRows());
    }

    private void entities(Start known, ScoreRequest.Builder request) {
        ScoreQuery query = query(request);
        Manifest manifest = known.served().modelPackage().manifest();
        if (manifest.getFeatureSet().isEmpty()) {
            throw Scoring.withoutFeatureSet(known.served(), known.model());
        }
        FeatureSetRef set = new FeatureSetRef(manifest.getFeatureSet(), manifest.getFeatureSetHash());
        var unused = owner.parts()
                .lookup()
                .findKnown(
                        set,
                        known.served().modelPackage().signature(),
                        query.request().getEntityKeys().getKeysList())
                .whenComplete((found, error) -> owner.parts()
                        .bulkLane()
                        .run(context.wrap(() -> guarded(() -> scoreKnown(known, query, found, error)))));
    }

    private void scoreKnown(Start known, ScoreQuery query, @Nullable KnownFeatures found, @Nullable Throwable error) {
        if (error instanceof CompletionException wrapped && wrapped.getCause() instanceof ServiceException cause) {
            throw new ServiceException(cause.failure());
        }
        if (found == null) {
            throw new IllegalStateException("features neither found nor refused", error);
        }
        answer(known, new BulkScorer(query, known, owner.parts().bulkLane(), owner.recording()).scoreKnown(found));
    }

    private void answer(Start known, List<BulkRow> rows) {
        ScoreBulkResponse response = ScoreBulkResponse.newBuilder()
                .setModel(known.model())
                .setModelVersion(known.served().version())
                .setDigest(known.served().digest())
                .setFirstPosition(position)
                .addAllRows(rows)
                .setResumeToken(known.token(position + rows.size()).text())
                .build();
        position += rows.size();
        long pauseNanos = CallerQuotas.pace(rows.size());
        synchronized (this) {
            isBusy = false;
            heardNanos = System.nanoTime();
            if (isEnded) {
                return;
            }
            responses.onNext(response);
            isOwed = true;
            isPaused = pauseNanos > 0;
            readOwed();
            endIfDone();
        }
        if (pauseNanos > 0) {
            owner.parts().bulkLane().later(pauseNanos, this::goOn);
        }
    }

    private synchronized void goOn() {
        isPaused = false;
        heardNanos = System.nanoTime();
        readOwed();
    }

    private synchronized void readOwed() {
        if (isOwed && !isPaused && !isEnded && !isDraining && responses.isReady()) {
            isOwed = false;
            responses.request(1);
        }
    }

    @GuardedBy("this")
    private void endIfDone() {
        if (isEnded || isBusy) {
            return;
        }
        if (isHalfClosed && !hasDropped) {
            end(false);
            responses.onCompleted();
        } else if (isDraining) {
            end(true);
            responses.onError(draining());
        }
    }

    @GuardedBy("this")
    private ServiceException draining() {
        return resumable(Failure.unavailable(
                "DRAINING",
                "server: draining at position %d (expected: the rest at another server)".formatted(position),
                Duration.ofMillis(100)));
    }

    /** Says where to go on. Only while no message is worked on. */
    private ServiceException resumable(Failure failure) {
        Start known = start;
        return new ServiceException(
                known == null
                        ? failure
                        : failure.with("position", Long.toString(position))
                                .with("resume_token", known.token(position).text()));
    }

    private synchronized void fail(Throwable error) {
        if (!isEnded) {
            end(true);
            responses.onError(error);
        }
    }

    @GuardedBy("this")
    private void end(boolean isBroken) {
        isEnded = true;
        Start known = start;
        if (known != null) {
            owner.parts().pins().unpin(known.model(), known.served(), isBroken);
        }
        owner.ended(this);
    }

    /** Ends a stream whose caller neither sends nor reads: it holds a place and a version that others may want. */
    synchronized void endIfIdle() {
        long idleNanos = owner.parts().bulkIdle().toNanos();
        if (!isEnded && !isBusy && !isPaused && System.nanoTime() - heardNanos >= idleNanos) {
            Failure failure = Failure.unavailable(
                    "STREAM_IDLE",
                    "stream: nothing sent or read for %d s (expected: rows, or the end)"
                            .formatted(TimeUnit.NANOSECONDS.toSeconds(idleNanos)),
                    Duration.ofMillis(100));
            ServiceException error = resumable(failure);
            end(true);
            responses.onError(error);
        }
    }

    private synchronized void cancelled() {
        if (!isEnded) {
            end(true);
        }
    }

    @Override
    public synchronized void drain() {
        isDraining = true;
        endIfDone();
    }

    @Override
    public synchronized void onCompleted() {
        isHalfClosed = true;
        endIfDone();
    }

    @Override
    public void onError(Throwable error) {
        cancelled();
    }
}
