package io.foresell.inference.load;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.pack.LoadedPackage;
import io.foresell.model.pack.ModelPackage;
import io.foresell.model.reason.Language;
import io.foresell.model.reason.ReasonWriter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads and asks a built-in package of trees and a linear model, so that the first real package does not pay for classes that
 * are not loaded and code that is not compiled yet. Ends early when there is something real to do. A failure is logged and
 * counted, and changes nothing else.
 */
final class Rehearsal {
    private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);

    private static final int ROUNDS = 3;
    private static final int REASONS = 3;

    private final Supplier<byte[]> part;
    private final Timer timer;
    private final Counter failures;

    Rehearsal(MeterRegistry meters) {
        this(meters, RehearsalPackage::bytes);
    }

    Rehearsal(MeterRegistry meters, Supplier<byte[]> part) {
        this.part = part;
        this.timer = Timer.builder("model_load_rehearsal")
                .description("Time to load and ask the built-in package after start")
                .register(meters);
        this.failures = Counter.builder("model_load_rehearsal_failures")
                .description("Rehearsals that failed; the first real load is slower")
                .register(meters);
    }

    /** Rehearses, in a second or two of a cold process, as long as {@code isIdle}. */
    void run(BooleanSupplier isIdle) {
        long startNanos = System.nanoTime();
        try {
            byte[] packageBytes = part.get();
            int round = 0;
            for (; round < ROUNDS && isIdle.getAsBoolean(); round++) {
                rehearse(packageBytes);
            }
            Duration time = Duration.ofNanos(System.nanoTime() - startNanos);
            timer.record(time);
            log.info("load rehearsed rounds={} bytes={} millis={}", round, packageBytes.length, time.toMillis());
        } catch (Throwable e) { // the lane outlives it, whatever it was
            failures.increment();
            log.warn("load not rehearsed, the first load will be slower", e);
        }
    }

    private static void rehearse(byte[] packageBytes) {
        LoadedPackage loaded = LoadedPackage.load(packageBytes, "", LoadedPackage.COMPILED);
        ModelPackage modelPackage = loaded.modelPackage();
        Signature signature = modelPackage.signature();
        Rows rows = RehearsalPackage.rows();
        double[] contributions = new double[signature.inputs().size()];
        loaded.scorer().contributions(rows, 0, 0, contributions);
        ReasonWriter reasons = new ReasonWriter(signature, modelPackage.answer(), modelPackage.manifest());
        if (reasons.strongest(rows, 0, contributions, REASONS, Language.ENGLISH).isEmpty()) {
            throw new IllegalStateException("the built-in package gives no reasons");
        }
    }
}
