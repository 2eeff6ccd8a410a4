package io.foresell.inference.serve;

import io.foresell.inference.ladder.Cause;
import io.foresell.inference.ladder.KnownScore;
import io.foresell.inference.ladder.LastKnown;
import io.foresell.inference.ladder.Rung;
import io.foresell.inference.ladder.RungTimes;
import io.foresell.inference.lookup.FoundFeatures;
import io.foresell.inference.lookup.RowProjection;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.SlotLadder;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.proto.inference.v1.ScoredRow;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One request of a release with a ladder: its rows as each rung reads them, and what each rung takes. Used by one thread at a time. */
final class LadderRequest {
    private static final long KNOWN_ROW_NANOS = 2_000; // a step of a map and a small message read

    private final RoutedAnswer answer;
    private final SlotLadder ladder;
    private final @Nullable Rows[] rows; // by batch; read when the first rung needs them
    private final @Nullable FoundFeatures[] features; // by batch; null when the caller sent rows
    private final @Nullable Trouble[] troubles; // by batch; why its features are not there
    private final ScoredRow[] answers;

    /** What keeps the version chosen from answering, and what a caller hears when no rung does. */
    record Trouble(Cause cause, @Nullable RuntimeException error) {}

    LadderRequest(RoutedAnswer answer, SlotLadder ladder) {
        this.answer = answer;
        this.ladder = ladder;
        this.rows = new Rows[answer.batches().size()];
        this.features = new FoundFeatures[rows.length];
        this.troubles = new Trouble[rows.length];
        this.answers = new ScoredRow[answer.query().rowCount()];
    }

    RoutedAnswer answer() {
        return answer;
    }

    @Nullable
    LastKnown known() {
        return ladder.known();
    }

    @Nullable
    ServedVersion fallback() {
        return ladder.fallback();
    }

    ScoredRow[] answers() {
        return answers;
    }

    boolean isOfEntities() {
        return answer.query().request().hasEntityKeys();
    }

    void found(int batch, FoundFeatures found) {
        features[batch] = found;
        rows[batch] = found.rows();
    }

    void troubled(int batch, Trouble trouble) {
        troubles[batch] = trouble;
    }

    @Nullable
    Trouble trouble(int batch) {
        return troubles[batch];
    }

    @Nullable
    FoundFeatures features(int batch) {
        return features[batch];
    }

    /** Returns the rows of a batch as the version chosen reads them. */
    Rows rows(int batch) {
        Rows known = rows[batch];
        if (known == null) {
            known = Scoring.read(answer.query(), answer.batches().get(batch));
            rows[batch] = known;
        }
        return known;
    }

    /** Returns them as the fallback reads them. */
    Rows rowsFor(ServedVersion fallback, int batch) {
        Signature from = answer.batches().get(batch).served().modelPackage().signature();
        Signature to = fallback.modelPackage().signature();
        Rows all = rows(batch);
        if (from.equals(to)) {
            return all;
        }
        int[] places = IntStream.range(0, all.rowCount()).toArray();
        FoundFeatures found = features[batch];
        return found == null ? RowProjection.project(all, from, places, to) : found.rowsFor(to, places);
    }

    /**
     * Returns the highest rung that fits.
     *
     * @param leftNanos until the deadline; {@link Long#MAX_VALUE} without one
     * @param waitNanos that a large batch waits for a thread
     */
    Rung highest(long leftNanos, long waitNanos) {
        long chosen = withWait(chosenNanos(), waitNanos);
        if (chosen <= leftNanos) {
            return Rung.CHOSEN; // nothing of the lower rungs is looked at, the ordinary case
        }
        return times(chosen, waitNanos).highest(leftNanos);
    }

    /** Returns the highest rung below another one that fits, on this thread. */
    Rung below(Rung rung, long leftNanos) {
        long fallback = fallbackNanos();
        RungTimes times = new RungTimes(
                RungTimes.UNAVAILABLE, isHeavy(fallback) ? RungTimes.UNAVAILABLE : fallback, knownNanos());
        return times.highest(leftNanos, rung == Rung.CHOSEN ? Rung.FALLBACK : Rung.LAST_KNOWN);
    }

    private RungTimes times(long chosen, long waitNanos) {
        return new RungTimes(chosen, withWait(fallbackNanos(), waitNanos), knownNanos());
    }

    private long withWait(long nanos, long waitNanos) {
        return nanos != RungTimes.UNAVAILABLE && isHeavy(nanos) ? nanos + waitNanos : nanos;
    }

    boolean isHeavy(long nanos) {
        return nanos != RungTimes.UNAVAILABLE
                && HeavyLane.isHeavy(answer.query().rowCount(), (double) nanos);
    }

    /** Returns what a rung takes to compute every batch, at least; 0 for a rung that computes nothing. */
    long nanos(Rung rung) {
        return rung == Rung.CHOSEN ? chosenNanos() : rung == Rung.FALLBACK ? fallbackNanos() : 0;
    }

    private long chosenNanos() {
        double nanos = 0;
        for (int i = 0; i < rows.length; i++) {
            Batch batch = answer.batches().get(i);
            nanos += troubles[i] == null ? cost(batch, batch.served()) : 0;
        }
        return (long) nanos;
    }

    private long fallbackNanos() {
        ServedVersion fallback = ladder.fallback();
        if (fallback == null) {
            return RungTimes.UNAVAILABLE;
        }
        double nanos = 0;
        for (int i = 0; i < rows.length; i++) {
            if (troubles[i] == null && !isAnsweredBy(fallback, i)) {
                return RungTimes.UNAVAILABLE;
            }
            nanos += troubles[i] == null ? cost(answer.batches().get(i), fallback) : 0;
        }
        return (long) nanos;
    }

    /** Returns whether the fallback can read a batch: rows always, entities when their features are those of its own set. */
    boolean isAnsweredBy(ServedVersion fallback, int batch) {
        ServedVersion chosen = answer.batches().get(batch).served();
        return !isOfEntities() || Scoring.setOf(chosen).equals(Scoring.setOf(fallback));
    }

    private double cost(Batch batch, ServedVersion served) {
        return served.rowCost().nanos(batch.rowCount(), answer.query().reasonCount() > 0);
    }

    private long knownNanos() {
        for (Batch batch : answer.batches()) {
            if (!isKnown(batch)) {
                return RungTimes.UNAVAILABLE;
            }
        }
        return KNOWN_ROW_NANOS * answer.query().rowCount();
    }

    boolean isKnown(Batch batch) {
        long now = System.nanoTime();
        return IntStream.range(0, batch.rowCount()).allMatch(place -> known(batch.requestRow(place), now) != null);
    }

    /** Returns the last answer to the subject of a row, of a version that answers under this release; or null. */
    @Nullable
    KnownScore known(int requestRow, long nowNanos) {
        LastKnown known = ladder.known();
        KnownScore score =
                known == null ? null : known.get(isOfEntities(), answer.query().subject(requestRow), nowNanos);
        return score != null && answer.slot().answers(score.version(), score.digest()) ? score : null;
    }

    /** Forgets the entities of a batch. */
    void forget(Batch batch) {
        LastKnown known = ladder.known();
        if (known != null) {
            List<String> keys = Scoring.keys(answer.query(), batch);
            keys.forEach(key -> known.remove(true, key));
        }
    }
}
