package io.foresell.inference.serve.log;

import io.foresell.kit.FailureStatus;
import io.foresell.kit.GrpcClient;
import io.foresell.model.pack.ModelPackage;
import io.foresell.proto.prediction.v1.AppendPredictionsRequest;
import io.foresell.proto.prediction.v1.AppendPredictionsResponse;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc.PredictionLogServiceBlockingStub;
import io.foresell.proto.prediction.v1.PredictionRecord;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that sends records to the feature store, in batches, each until it is taken: appending is idempotent. While the store is
 * away the batch in hand waits with growing pauses, and the queue behind it fills and drops.
 */
final class PredictionSender implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PredictionSender.class);
    private static final int BATCH_RECORDS = 500;
    private static final int BATCH_BYTES = 1 << 20;
    private static final long CALL_SECONDS = 10;
    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LONGEST_TRY_NANOS = TimeUnit.MINUTES.toNanos(15);

    private final AnswerQueue queue;
    private final AtomicLong queuedBytes;
    private final GrpcClient featureStore;
    private final PredictionLogServiceBlockingStub stub;
    private final Duration flush;
    private final Counter sent;
    private final Counter refused;
    private final Counter dropped;
    private final Delivery delivery;
    private final Thread thread = new Thread(this::run, "prediction-log");
    private volatile boolean isClosing;
    private volatile long closeByNanos;
    private volatile long giveUpNanos;
    private long dropsTold; // used by the thread only

    PredictionSender(
            AnswerQueue queue,
            AtomicLong queuedBytes,
            GrpcClient featureStore,
            Duration flush,
            Counter sent,
            Counter refused,
            Counter dropped,
            Delivery delivery) {
        this.queue = queue;
        this.queuedBytes = queuedBytes;
        this.featureStore = featureStore;
        this.stub = PredictionLogServiceGrpc.newBlockingStub(featureStore.channel());
        this.flush = flush;
        this.sent = sent;
        this.refused = refused;
        this.dropped = dropped;
        this.delivery = delivery;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        boolean goesOn = true;
        while (goesOn) {
            try {
                goesOn = sendSome();
            } catch (RuntimeException e) { // a bug; the predictions of a batch are lost, not all that come after
                log.error("predictions not logged", e);
            }
        }
    }

    /** Sends a batch, or rests when there is none; returns whether to go on. */
    private boolean sendSome() {
        Batch batch = gather();
        tellDrops();
        if (batch.records.isEmpty()) {
            if (!isClosing) {
                LockSupport.parkNanos(LINGER_NANOS);
            }
            return !isClosing || queue.size() > 0;
        }
        if (send(batch)) {
            return true;
        }
        discard();
        return false;
    }

    /** Records of one call and the packages they belong to. */
    private static final class Batch {
        private final List<PredictionRecord> records = new ArrayList<>();
        private final Map<String, ModelPackage> packages = new HashMap<>();
        private int bytes;
    }

    private Batch gather() {
        Batch batch = new Batch();
        while (batch.records.size() < BATCH_RECORDS && batch.bytes < BATCH_BYTES) {
            LoggedAnswer answer = queue.poll();
            if (answer == null) {
                break;
            }
            queuedBytes.addAndGet(-answer.bytes());
            try {
                answer.records().forEach(record -> add(record, batch));
                batch.packages.put(answer.served().digest(), answer.served().modelPackage());
            } catch (RuntimeException e) {
                log.error("prediction not logged version={}", answer.served().version(), e);
                drop(1);
            }
        }
        return batch;
    }

    /** A row that is larger than a whole batch goes without its features; an answer that is, not at all. */
    private void add(PredictionRecord record, Batch batch) {
        PredictionRecord small = record.getSerializedSize() <= BATCH_BYTES
                ? record
                : record.toBuilder().clearFeatures().build();
        if (small.getSerializedSize() > BATCH_BYTES) {
            drop(1);
            return;
        }
        batch.records.add(small);
        batch.bytes += small.getSerializedSize();
    }

    /** Sends a batch until it is taken or refused; returns false when the time to close is over. */
    private boolean send(Batch batch) {
        // A source may write many records at once; a call takes a bounded number and size.
        int from = 0;
        while (from < batch.records.size()) {
            AppendPredictionsRequest.Builder request = AppendPredictionsRequest.newBuilder();
            int bytes = 0;
            while (from < batch.records.size() && request.getRecordsCount() < BATCH_RECORDS && bytes < BATCH_BYTES) {
                PredictionRecord record = batch.records.get(from++);
                request.addRecords(record);
                bytes += record.getSerializedSize();
            }
            if (!sendUntilTaken(request.build(), batch.packages)) {
                drop(batch.records.size() - from + request.getRecordsCount());
                return false;
            }
        }
        return true;
    }

    private boolean sendUntilTaken(AppendPredictionsRequest request, Map<String, ModelPackage> packages) {
        long pauseNanos = FIRST_PAUSE_NANOS;
        long untilNanos = System.nanoTime() + LONGEST_TRY_NANOS;
        while (!isOverdue()) {
            try {
                AppendPredictionsResponse response = call(request);
                delivery.succeeded();
                sent.increment(response.getAcceptedCount() + response.getDuplicateCount());
                refused.increment(response.getRefusedCount());
                describe(response.getUnknownDigestsList(), request, packages);
                return true;
            } catch (StatusRuntimeException e) {
                delivery.failed("%s %s"
                        .formatted(
                                e.getStatus().getCode(),
                                FailureStatus.fromStatus(e).message())
                        .strip());
                if (!canHelpToWait(e.getStatus())) {
                    log.error(
                            "predictions refused by the log, dropped count={} cause=\"{}\"",
                            request.getRecordsCount(),
                            FailureStatus.fromStatus(e).message());
                    refused.increment(request.getRecordsCount());
                    return true;
                }
                log.debug("prediction log away, trying again", e);
                if (!isWorthTrying()) {
                    return false;
                }
                if (System.nanoTime() - untilNanos >= 0) { // whatever is wrong with it, the others wait
                    log.error("predictions not taken for long, dropped count={}", request.getRecordsCount(), e);
                    drop(request.getRecordsCount());
                    return true;
                }
            }
            pause(pauseNanos);
            pauseNanos = Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos);
            reconnect();
        }
        return false;
    }

    private void drop(int count) {
        dropped.increment(count);
        delivery.dropped(count);
    }

    private AppendPredictionsResponse call(AppendPredictionsRequest request) {
        long nanos = TimeUnit.SECONDS.toNanos(CALL_SECONDS);
        long left = isClosing ? Math.max(1, Math.min(nanos, closeByNanos - System.nanoTime())) : nanos;
        return stub.withDeadlineAfter(left, TimeUnit.NANOSECONDS).appendPredictions(request);
    }

    /** Sends what the log does not know of packages, beside one record that it knows by now. */
    private void describe(
            List<String> unknownDigests, AppendPredictionsRequest request, Map<String, ModelPackage> packages) {
        if (unknownDigests.isEmpty()) {
            return;
        }
        AppendPredictionsRequest.Builder described =
                AppendPredictionsRequest.newBuilder().addRecords(request.getRecords(0));
        for (String digest : unknownDigests) {
            ModelPackage known = packages.get(digest);
            if (known != null) {
                described.addPackages(DescriptionProtos.describe(known));
            }
        }
        try {
            AppendPredictionsResponse unused = call(described.build());
        } catch (StatusRuntimeException e) {
            log.warn("packages not described, trying again with the next predictions", e);
        }
    }

    private static boolean canHelpToWait(Status status) {
        return switch (status.getCode()) {
            case INVALID_ARGUMENT, OUT_OF_RANGE, DATA_LOSS -> false;
            default -> true; // a store that is older than this server does not know the method yet
        };
    }

    private boolean isOverdue() {
        return isClosing && System.nanoTime() - closeByNanos >= 0;
    }

    /** At the end a store that is away is given a moment, not the whole time. */
    private boolean isWorthTrying() {
        return !isClosing || System.nanoTime() - giveUpNanos < 0;
    }

    private void pause(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() - until < 0 && !isOverdue() && isWorthTrying()) {
            LockSupport.parkNanos(Math.min(LINGER_NANOS, nanos));
        }
    }

    /** The channel's own wait between attempts grows to two minutes; ours are no shorter than a tenth of a second. */
    private void reconnect() {
        if (featureStore.channel() instanceof ManagedChannel channel) {
            channel.resetConnectBackoff();
        }
    }

    private void tellDrops() {
        long drops = (long) dropped.count();
        if (drops >= 2 * dropsTold + 1) { // seldom: each time twice as many
            log.warn("predictions not logged, the queue was full count={}", drops);
            dropsTold = drops;
        }
    }

    private void discard() {
        int count = 0;
        while (queue.poll() != null) {
            count++;
        }
        drop(count);
        log.warn("predictions not logged before the end count={}", count);
    }

    /** Sends what waits and ends the thread, within the time to flush. */
    @Override
    public void close() {
        closeByNanos = System.nanoTime() + flush.toNanos();
        giveUpNanos = System.nanoTime() + Math.min(flush.toNanos(), TimeUnit.SECONDS.toNanos(1));
        isClosing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(flush.toMillis() + TimeUnit.SECONDS.toMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
