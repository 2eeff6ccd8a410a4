package io.foresell.inference.measure;

import io.foresell.kit.FailureStatus;
import io.grpc.Status;
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
