package io.foresell.inference.route;

import io.foresell.model.pack.ModelPackage;
import io.foresell.model.reason.ReasonWriter;
import io.foresell.model.scorer.Scorer;
import java.time.Duration;

/**
 * One version that is ready to answer: verified, replayed, warm. Immutable but for what it counts, thread-safe, shared by every slot that routes
 * to it.
 */
public final class ServedVersion {
    private final int version;
    private final ModelPackage modelPackage;
    private final Scorer scorer;
    private final String fallbackReason;
    private final ReasonWriter reasons;
    private final Duration loadTime;
    private final RowCost rowCost;
    private final VersionMeters meters;
    private final CallStatistics statistics = new CallStatistics();

    public ServedVersion(
            int version,
            ModelPackage modelPackage,
            Scorer scorer,
            String fallbackReason,
            Duration loadTime,
            RowCost rowCost,
            VersionMeters meters) {
        this.version = version;
        this.modelPackage = modelPackage;
        this.scorer = scorer;
        this.fallbackReason = fallbackReason;
        this.reasons = new ReasonWriter(modelPackage.signature(), modelPackage.answer(), modelPackage.manifest());
        this.loadTime = loadTime;
        this.rowCost = rowCost;
        this.meters = meters;
    }

    public int version() {
        return version;
    }

    public String digest() {
        return modelPackage.digest();
    }

    public ModelPackage modelPackage() {
        return modelPackage;
    }

    public Scorer scorer() {
        return scorer;
    }

    /** Returns why the graph does not compile; empty when it does. */
    public String fallbackReason() {
        return fallbackReason;
    }

    public ReasonWriter reasons() {
        return reasons;
    }

    /** Returns the time from the package on disk to ready. */
    public Duration loadTime() {
        return loadTime;
    }

    public RowCost rowCost() {
        return rowCost;
    }

    public VersionMeters meters() {
        return meters;
    }

    /** Returns what it did for clients that ask for statistics. */
    public CallStatistics statistics() {
        return statistics;
    }
}
