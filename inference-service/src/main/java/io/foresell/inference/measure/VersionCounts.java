package io.foresell.inference.measure;

import io.foresell.inference.ladder.Cause;
import io.foresell.inference.ladder.Rung;
import io.foresell.kit.FailureStatus;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;

/** What one version did under one revision. Thread-safe, without locks; counting allocates nothing. */
public final class VersionCounts {
    private static final double NANOS_A_SECOND = 1e9;

    private final int version;
    private final String digest;
    private final LongAdder calls = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder heldOutRows = new LongAdder();
    private final Map<Status.Code, LongAdder> errors = new EnumMap<>(Status.Code.class); // filled by the constructor
    private final LongAdder degradedCalls = new LongAdder();
    private final Map<Rung, Map<Cause, LongAdder>> degradedRows =
            new EnumMap<>(Rung.class); // filled by the constructor
    private final Histogram latencySeconds = new Histogram();
    private final Histogram scores = new Histogram();
    private final OutcomeCounts outcomes;

    /** Makes counts of 0; {@code labels} are those of the model. */
    public VersionCounts(int version, String digest, List<String> labels) {
        this.version = version;
        this.digest = digest;
        this.outcomes = new OutcomeCounts(labels);
        for (Status.Code code : Status.Code.values()) {
            errors.put(code, new LongAdder());
        }
        for (Rung rung : new Rung[] {Rung.FALLBACK, Rung.LAST_KNOWN}) {
            Map<Cause, LongAdder> byCause = new EnumMap<>(Cause.class);
            for (Cause cause : Cause.values()) {
                byCause.put(cause, new LongAdder());
            }
            degradedRows.put(rung, byCause);
        }
    }

    /** Counts a call that was answered, wholly or in part, by this version. */
    public void answered(long nanos) {
        calls.increment();
        latencySeconds.add(nanos / NANOS_A_SECOND);
    }

    /**
     * Counts an answered row.
     *
     * @param outcome band or label; {@link OutcomeCounts#REFUSED}; empty for neither
     */
    public void row(double score, String outcome, boolean isHeldOut) {
        rows.increment();
        if (isHeldOut) {
            heldOutRows.increment();
        }
        scores.add(score);
        outcomes.add(outcome);
    }

    /** Counts a call that was assigned to this version and failed, by the code that the caller sees. */
    public void failed(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        LongAdder count = errors.get(FailureStatus.toFailure(cause, "").code());
        if (count != null) {
            count.increment();
        }
    }

    /** Counts a call that was assigned to this version and that a lower rung answered, wholly or in part. */
    public void degradedCall() {
        degradedCalls.increment();
    }

    /** Counts rows that were assigned to this version and that a lower rung answered. */
    public void degradedRows(Rung rung, Cause cause, int rowCount) {
        LongAdder count = degradedRows.getOrDefault(rung, Map.of()).get(cause);
        if (count != null) {
            count.add(rowCount);
        }
    }

    public int version() {
        return version;
    }

    public String digest() {
        return digest;
    }

    public long calls() {
        return calls.sum();
    }

    public long rows() {
        return rows.sum();
    }

    public long heldOutRows() {
        return heldOutRows.sum();
    }

    /** Returns the failed calls by code, those above 0. */
    public Map<Status.Code, Long> errors() {
        Map<Status.Code, Long> found = new EnumMap<>(Status.Code.class);
        errors.forEach((code, count) -> {
            if (count.sum() > 0) {
                found.put(code, count.sum());
            }
        });
        return found;
    }

    public long degradedCalls() {
        return degradedCalls.sum();
    }

    /** Rows that one rung answered for one reason. */
    public record DegradedRows(Rung rung, Cause cause, long rowCount) {}

    /** Returns the rows that lower rungs answered, those above 0. */
    public List<DegradedRows> degradedRows() {
        List<DegradedRows> found = new ArrayList<>();
        degradedRows.forEach((rung, byCause) -> byCause.forEach((cause, count) -> {
            if (count.sum() > 0) {
                found.add(new DegradedRows(rung, cause, count.sum()));
            }
        }));
        return found;
    }

    public Distribution latencySeconds() {
        return latencySeconds.distribution();
    }

    public Distribution scores() {
        return scores.distribution();
    }

    public Map<String, Long> outcomes() {
        return outcomes.counts();
    }
}
