package io.foresell.inference.route;

import io.foresell.inference.measure.OutcomeCounts;
import io.foresell.model.pack.ModelPackage;
import io.foresell.model.reason.ReasonWriter;
import io.foresell.model.scorer.Scorer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    private final long memoryBytes;
    private final CallStatistics statistics = new CallStatistics();
    private volatile FeatureContract featureContract = FeatureContract.NONE; // written only by the load lane's thread

    /** Makes a version that no budget counts. */
    public ServedVersion(
            int version,
            ModelPackage modelPackage,
            Scorer scorer,
            String fallbackReason,
            Duration loadTime,
            RowCost rowCost,
            VersionMeters meters) {
        this(version, modelPackage, scorer, fallbackReason, loadTime, rowCost, meters, 0);
    }

    /**
     * Makes a version.
     *
     * @param memoryBytes what package, engine and counts keep, on the heap and beside it
     */
    public ServedVersion(
            int version,
            ModelPackage modelPackage,
            Scorer scorer,
            String fallbackReason,
            Duration loadTime,
            RowCost rowCost,
            VersionMeters meters,
            long memoryBytes) {
        this.version = version;
        this.modelPackage = modelPackage;
        this.scorer = scorer;
        this.fallbackReason = fallbackReason;
        this.reasons = new ReasonWriter(modelPackage.signature(), modelPackage.answer(), modelPackage.manifest());
        this.loadTime = loadTime;
        this.rowCost = rowCost;
        this.meters = meters;
        this.memoryBytes = memoryBytes;
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

    /** Returns what it keeps in memory, on the heap and beside it. */
    public long memoryBytes() {
        return memoryBytes;
    }

    public RowCost rowCost() {
        return rowCost;
    }

    public VersionMeters meters() {
        return meters;
    }

    /** Returns how its feature set compares with the feature store. */
    public FeatureContract featureContract() {
        return featureContract;
    }

    /** Learns how its feature set compares with the feature store. Called by the load lane's thread only. */
    public void compared(FeatureContract contract) {
        featureContract = contract;
    }

    /**
     * Returns which of an answer's floats is its score: the winner's among labels, of equal ones the first, else the only one.
     *
     * @param from where the row's answer starts
     */
    public int winner(float[] values, int from) {
        int labels = modelPackage.answer().labels().isEmpty()
                ? 1
                : modelPackage.answer().width();
        int best = 0;
        for (int i = 1; i < labels; i++) {
            if (values[from + i] > values[from + best] || Float.isNaN(values[from + best])) {
                best = i;
            }
        }
        return best;
    }

    /**
     * Returns what an answer is decided to be: its label, or its band by the release's terms or else the package's;
     * {@link OutcomeCounts#REFUSED} when it is refused, empty without label and band.
     *
     * @param winner as {@link #winner} says
     * @param bands null when the package's own hold
     */
    public String outcome(float[] values, int from, int winner, ReleaseTerms.@Nullable Bands bands) {
        if (modelPackage.refuses(values, from)) {
            return OutcomeCounts.REFUSED;
        }
        List<String> labels = modelPackage.answer().labels();
        return labels.isEmpty() ? band(values[from], bands) : labels.get(winner);
    }

    /** Returns the band of a score, by the release's terms or else the package's; empty without bands. */
    public String band(double score, ReleaseTerms.@Nullable Bands bands) {
        return bands == null ? modelPackage.band(score) : bands.of(score);
    }

    /** Returns what it did for clients that ask for statistics. */
    public CallStatistics statistics() {
        return statistics;
    }
}
