package io.foresell.inference.serve;

import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.inference.ladder.Cause;
import io.foresell.inference.ladder.KnownScore;
import io.foresell.inference.ladder.Rung;
import io.foresell.inference.route.ServedVersion;
import io.foresell.proto.inference.v1.Degradation;
import io.foresell.proto.inference.v1.DegradationCause;
import io.foresell.proto.inference.v1.DegradationRung;
import io.foresell.proto.inference.v1.ScoredRow;

/** The messages of lower rungs, and answers as bytes that are given again. */
public final class LadderProtos {
    private static final double NANOS_A_SECOND = 1e9;

    private LadderProtos() {}

    /** Returns the name of a rung below the version chosen. */
    public static DegradationRung rung(Rung rung) {
        return switch (rung) {
            case FALLBACK -> DegradationRung.DEGRADATION_RUNG_FALLBACK;
            case LAST_KNOWN -> DegradationRung.DEGRADATION_RUNG_LAST_KNOWN;
            case CHOSEN, REFUSAL -> DegradationRung.DEGRADATION_RUNG_UNSPECIFIED;
        };
    }

    public static DegradationCause cause(Cause cause) {
        return switch (cause) {
            case DEADLINE -> DegradationCause.DEGRADATION_CAUSE_DEADLINE;
            case FEATURES_LATE -> DegradationCause.DEGRADATION_CAUSE_FEATURES_LATE;
            case FEATURES_AWAY -> DegradationCause.DEGRADATION_CAUSE_FEATURES_AWAY;
            case QUEUE_FULL -> DegradationCause.DEGRADATION_CAUSE_QUEUE_FULL;
            case SCORER_FAILED -> DegradationCause.DEGRADATION_CAUSE_SCORER_FAILED;
        };
    }

    static Degradation degradation(Rung rung, Cause cause, ServedVersion chosen) {
        return Degradation.newBuilder()
                .setRung(rung(rung))
                .setCause(cause(cause))
                .setChosenVersion(chosen.version())
                .build();
    }

    /** Keeps an answer; without reasons, which may be long and were asked for by one caller in one language. */
    static KnownScore known(ScoredRow row, ServedVersion served, long nowNanos) {
        ScoredRow kept = row.getReasonsCount() == 0
                ? row
                : row.toBuilder().clearReasons().build();
        return new KnownScore(served.version(), served.digest(), nowNanos, kept.toByteArray());
    }

    /** Returns a kept answer as it is given again. */
    static ScoredRow again(KnownScore known, Batch batch, Cause cause, int labelCount, long nowNanos) {
        double ageSeconds = Math.max(0, nowNanos - known.atNanos()) / NANOS_A_SECOND;
        ScoredRow.Builder row = parsed(known)
                .setIsHeldOut(batch.isHeldOut())
                .setDegradation(degradation(Rung.LAST_KNOWN, cause, batch.served()).toBuilder()
                        .setAgeSeconds(ageSeconds));
        if (row.hasFeatureAgeSeconds()) {
            row.setFeatureAgeSeconds(row.getFeatureAgeSeconds() + ageSeconds);
        }
        while (row.getLabelsCount() > labelCount) {
            row.removeLabels(row.getLabelsCount() - 1);
        }
        return row.build();
    }

    private static ScoredRow.Builder parsed(KnownScore known) {
        try {
            return ScoredRow.newBuilder().mergeFrom(known.answer());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an answer that was written here cannot be read", e);
        }
    }
}
