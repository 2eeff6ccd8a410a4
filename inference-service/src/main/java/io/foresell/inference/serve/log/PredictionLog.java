package io.foresell.inference.serve.log;

import io.foresell.inference.record.LogSettings;
import io.foresell.inference.route.ServedVersion;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.Telemetry;
import io.foresell.model.Rows;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes answers to be logged. Nothing here waits, locks or throws: an answer that finds the queue full, by number or by memory, is
 * dropped and counted. Closing sends what waits, for a bounded time. Thread-safe.
 */
public final class PredictionLog implements AutoCloseable {
    private static final int MAX_SUBJECT_LENGTH = 512;

    private final AnswerQueue queue;
    private final long maxBytes;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final Sampling usual;
    private final Sampling bulk;
    private final Map<String, Sampling> byModel = new HashMap<>(); // not changed after construction
    private final Map<String, Sampling> bulkByModel = new HashMap<>(); // not changed after construction
    private final Counter dropped;
    private final Delivery delivery;
    private final PredictionSender sender;
    private final Telemetry.Notice notice;

    private PredictionLog(GrpcClient featureStore, LogSettings settings, Duration flush, Telemetry telemetry) {
        MeterRegistry meters = telemetry.meters();
        this.queue = new AnswerQueue(settings.queueRecords());
        this.maxBytes = settings.queueBytes();
        this.usual = new Sampling(settings.percent(), true);
        this.bulk = new Sampling(settings.bulkPercent(), true);
        settings.models().forEach((model, rate) -> {
            byModel.put(model, new Sampling(rate.percent(), rate.hasFeatures()));
            int bulkPercent = Math.min(settings.bulkPercent(), rate.percent());
            bulkByModel.put(model, new Sampling(bulkPercent, rate.hasFeatures()));
        });
        this.dropped = counter(meters, "dropped");
        Gauge.builder("prediction_log_queue", queue, AnswerQueue::size)
                .description("Answers waiting to be logged")
                .register(meters);
        this.delivery = new Delivery(queue::size);
        Gauge.builder("prediction_log_undelivered", delivery, Delivery::undeliveredSeconds)
                .description("For how long no prediction could be delivered; 0 while they can")
                .baseUnit("seconds")
                .register(meters);
        this.notice = telemetry.notice(delivery::notices);
        this.sender = new PredictionSender(
                queue,
                queuedBytes,
                featureStore,
                flush,
                counter(meters, "sent"),
                counter(meters, "refused"),
                dropped,
                delivery);
    }

    /** Starts the thread that sends; {@code flush} is how long closing may take. */
    public static PredictionLog start(
            GrpcClient featureStore, LogSettings settings, Duration flush, Telemetry telemetry) {
        PredictionLog log = new PredictionLog(featureStore, settings, flush, telemetry);
        log.sender.start();
        return log;
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder("prediction_log_records")
                .description("Sampled predictions: sent, refused by the log, or dropped because the queue was full")
                .tag("outcome", outcome)
                .register(meters);
    }

    /** Returns which predictions of a model are logged; ask once a request. */
    public Sampling sampling(String model, PredictionKind kind) {
        return kind == PredictionKind.PREDICTION_KIND_BULK
                ? bulkByModel.getOrDefault(model, bulk)
                : byModel.getOrDefault(model, usual);
    }

    /**
     * Logs the answer to one row, if the row's subject is sampled. Costs a hash, and for a sampled row one object, a copy of the row where
     * it came among others, and a step of two atomic numbers.
     *
     * @param subject empty when there is none
     * @param place the row's place in {@code rows}
     */
    public void log(
            Sampling sampling,
            ServedVersion served,
            Asked asked,
            String subject,
            ScoredRow answer,
            Rows rows,
            int place) {
        if (sampling.takes(subject, answer.getPredictionId())) {
            offer(ScoredAnswer.of(served, asked, shortened(subject), "", answer, rows, place, sampling.hasFeatures()));
        }
    }

    /**
     * Logs a shadow's answer to one row that was sampled, under its own prediction id.
     *
     * @param answeredId the id of the answer that the caller got
     * @param row one row
     */
    public void logShadow(
            Sampling sampling,
            ServedVersion shadow,
            Asked asked,
            String subject,
            String answeredId,
            ScoredRow answer,
            Rows row) {
        offer(ScoredAnswer.of(shadow, asked, shortened(subject), answeredId, answer, row, 0, sampling.hasFeatures()));
    }

    /** Nobody's key is so long; what is, is kept as no subject at all rather than as another one. */
    private static String shortened(String subject) {
        return subject.length() <= MAX_SUBJECT_LENGTH ? subject : "";
    }

    /** Queues an answer that was sampled, or drops it. */
    public void offer(LoggedAnswer answer) {
        int bytes = answer.bytes();
        if (queuedBytes.get() + bytes > maxBytes || !queue.offer(answer)) {
            dropped.increment();
            delivery.dropped(1);
            return;
        }
        queuedBytes.addAndGet(bytes);
    }

    @Override
    public void close() {
        sender.close();
        notice.close();
    }
}
