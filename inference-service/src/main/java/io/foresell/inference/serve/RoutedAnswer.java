package io.foresell.inference.serve;

import io.foresell.inference.ladder.Cause;
import io.foresell.inference.ladder.LastKnown;
import io.foresell.inference.ladder.Rung;
import io.foresell.inference.lookup.FoundFeatures;
import io.foresell.inference.measure.OutcomeCounts;
import io.foresell.inference.measure.VersionCounts;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.SlotLadder;
import io.foresell.inference.route.WeightedVersion;
import io.foresell.inference.shadow.AnsweredRows;
import io.foresell.inference.shadow.ShadowLane;
import io.foresell.model.Rows;
import io.foresell.proto.inference.v1.Degradation;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request, counted under the release that routed it, logged, and copied to its shadows when it is on its way. Used by
 * one thread at a time.
 */
final class RoutedAnswer implements StreamObserver<ScoreResponse> {
    private final StreamObserver<ScoreResponse> responses;
    private final ScoreQuery query;
    private final ModelSlot slot;
    private final List<Batch> batches;
    private final boolean isRouted;
    private final ShadowLane shadows;
    private final Recording recording;
    private final long startNanos;
    private final boolean hasShadows;
    private final boolean isKept; // rows, until the answer is on its way
    private final List<Kept> kept;
    private @Nullable Batch working; // the batch that is at work, hence at fault when something fails
    private boolean isCounted;
    private boolean isOver;

    private @Nullable Map<Batch, Step>
            steps; // batches that a lower rung answers; null while there is none, the ordinary case

    private record Kept(Batch batch, boolean isDegraded, Rows rows, @Nullable FoundFeatures features) {}

    /** What a batch is answered by, and why. */
    private record Step(Rung rung, Cause cause) {}

    /**
     * Prepares an answer.
     *
     * @param slot the release in force when the request came
     * @param isRouted whether the release chose the versions, not the request
     */
    RoutedAnswer(
            StreamObserver<ScoreResponse> responses,
            ScoreQuery query,
            ModelSlot slot,
            List<Batch> batches,
            boolean isRouted,
            ShadowLane shadows,
            Recording recording,
            long startNanos) {
        this.responses = responses;
        this.query = query;
        this.slot = slot;
        this.batches = batches;
        this.isRouted = isRouted;
        this.shadows = shadows;
        this.recording = recording;
        this.hasShadows = isRouted && !slot.shadows().isEmpty();
        this.isKept = hasShadows || recording.isOn(query);
        this.kept = isKept ? new ArrayList<>(batches.size()) : List.of();
        this.startNanos = startNanos;
        slot.usage().begin(startNanos);
    }

    ScoreQuery query() {
        return query;
    }

    List<Batch> batches() {
        return batches;
    }

    /** Scores one batch into its places; its rows are kept when a shadow scores them, too, or they are logged. */
    void score(Batch batch, Rows rows, @Nullable FoundFeatures features, ScoredRow[] answers) {
        BatchScorer.score(query, batch, rows, features, answers);
        if (isKept) {
            kept.add(new Kept(batch, false, rows, features));
        }
    }

    /** Returns what may answer in place of the versions chosen; null when nothing does. */
    @Nullable
    SlotLadder ladder() {
        return isRouted ? slot.ladder() : null;
    }

    /** Returns the release in force when the request came. */
    ModelSlot slot() {
        return slot;
    }

    /** Scores one batch by the fallback of its release into its places. */
    void scoreByFallback(
            Batch batch,
            ServedVersion fallback,
            Rows rows,
            @Nullable FoundFeatures features,
            Cause cause,
            ScoredRow[] answers) {
        Batch instead = Batch.insteadOf(batch, fallback);
        BatchScorer.score(query, instead, rows, features, answers);
        Degradation degradation = LadderProtos.degradation(Rung.FALLBACK, cause, batch.served());
        for (int place = 0; place < batch.rowCount(); place++) {
            int row = batch.requestRow(place);
            answers[row] = answers[row].toBuilder().setDegradation(degradation).build();
        }
        stepped(batch, Rung.FALLBACK, cause);
        if (isKept) {
            kept.add(new Kept(instead, true, rows, null));
        }
    }

    /** Learns that a batch is answered by a lower rung. */
    void stepped(Batch batch, Rung rung, Cause cause) {
        if (steps == null) {
            steps = new HashMap<>();
        }
        steps.put(batch, new Step(rung, cause));
    }

    /** Names the batch that is worked on from now on. */
    void begin(Batch batch) {
        working = batch;
    }

    /** Answers the request. */
    void answer(ScoredRow[] answers) {
        try {
            give(answers);
        } finally {
            over();
        }
    }

    /** The versions may leave memory as far as this call is concerned. */
    private void over() {
        if (!isOver) {
            isOver = true;
            slot.usage().end();
        }
    }

    private void give(ScoredRow[] answers) {
        working = null;
        int revision = isRouted ? slot.revision() : 0;
        responses.onNext(response(answers, revision));
        responses.onCompleted();
        if (isRouted) {
            isCounted = true;
            count(answers);
        }
        for (Kept each : kept) {
            recording.add(query, each.batch(), each.isDegraded(), each.rows(), revision, answers);
            if (hasShadows && !each.isDegraded()) {
                shadows.copy(answered(each, answers));
            }
        }
        SlotLadder ladder = ladder();
        if (ladder != null && ladder.known() != null) {
            remember(ladder.known(), answers);
        }
    }

    private ScoreResponse response(ScoredRow[] answers, int revision) {
        ScoreResponse.Builder response =
                ScoreResponse.newBuilder().setModel(query.request().getModel()).setReleaseRevision(revision);
        for (ScoredRow answer : answers) { // dearer through a list when there is one, the ordinary case
            response.addRows(answer);
        }
        return response.build();
    }

    /** Keeps what the versions chosen answered; what a lower rung did is nothing to give again. */
    private void remember(LastKnown known, ScoredRow[] answers) {
        long now = System.nanoTime();
        boolean isEntity = query.request().hasEntityKeys();
        for (Batch batch : batches) {
            for (int place = 0; !isStepped(batch) && place < batch.rowCount(); place++) {
                int row = batch.requestRow(place);
                String subject = query.subject(row);
                if (!subject.isEmpty()) {
                    known.put(isEntity, subject, LadderProtos.known(answers[row], batch.served(), now));
                }
            }
        }
    }

    private boolean isStepped(Batch batch) {
        return steps != null && steps.containsKey(batch);
    }

    private void count(ScoredRow[] answers) {
        long nanos = System.nanoTime() - startNanos;
        if (steps == null) {
            countsOf(batches).forEach(counts -> counts.answered(nanos));
        } else {
            countSteps(steps, nanos);
        }
        for (Batch batch : batches) {
            WeightedVersion route = isStepped(batch) ? null : batch.route();
            for (int place = 0; route != null && place < batch.rowCount(); place++) {
                ScoredRow row = answers[batch.requestRow(place)];
                route.counts().row(row.getScore(), outcome(row), batch.isHeldOut());
            }
        }
    }

    /** What a lower rung answered is no success of the version chosen: neither its calls, nor its time, nor its scores. */
    private void countSteps(Map<Batch, Step> taken, long nanos) {
        taken.forEach((batch, step) -> {
            WeightedVersion route = batch.route();
            if (route != null) {
                route.counts().degradedRows(step.rung(), step.cause(), batch.rowCount());
            }
        });
        Collection<VersionCounts> degraded = countsOf(List.copyOf(taken.keySet()));
        for (VersionCounts counts : countsOf(batches)) {
            if (degraded.contains(counts)) {
                counts.degradedCall();
            } else {
                counts.answered(nanos);
            }
        }
    }

    /** Returns the counts of the versions of batches, each once: subjects held out have a batch of their own. */
    private static Collection<VersionCounts> countsOf(List<Batch> batches) {
        WeightedVersion first = batches.get(0).route();
        if (batches.size() == 1) {
            return first == null ? List.of() : List.of(first.counts());
        }
        Set<VersionCounts> counts = new LinkedHashSet<>();
        for (Batch batch : batches) {
            WeightedVersion route = batch.route();
            if (route != null) {
                counts.add(route.counts());
            }
        }
        return counts;
    }

    private static String outcome(ScoredRow row) {
        if (row.getRefused()) {
            return OutcomeCounts.REFUSED;
        }
        return row.getLabel().isEmpty() ? row.getBand() : row.getLabel();
    }

    private AnsweredRows answered(Kept copy, ScoredRow[] answers) {
        Batch batch = copy.batch();
        int rowCount = batch.rowCount();
        long[] keys = new long[rowCount];
        double[] scores = new double[rowCount];
        String[] outcomes = new String[rowCount];
        List<String> subjects = new ArrayList<>(rowCount);
        List<String> predictionIds = new ArrayList<>(rowCount);
        for (int place = 0; place < rowCount; place++) {
            int requestRow = batch.requestRow(place);
            ScoredRow row = answers[requestRow];
            keys[place] = query.key(slot, requestRow);
            scores[place] = row.getScore();
            outcomes[place] = outcome(row);
            subjects.add(query.subject(requestRow));
            predictionIds.add(row.getPredictionId());
        }
        return new AnsweredRows(
                slot,
                batch.served(),
                copy.rows(),
                keys,
                scores,
                outcomes,
                copy.features(),
                subjects,
                predictionIds::get);
    }

    /** Counts a failure that the caller learns otherwise. */
    void failed(Throwable error) {
        over();
        if (!isRouted || isCounted) {
            return;
        }
        isCounted = true;
        for (VersionCounts counts : countsOf(working == null ? batches : List.of(working))) {
            counts.failed(error);
        }
    }

    @Override
    public void onNext(ScoreResponse response) {
        responses.onNext(response);
    }

    @Override
    public void onError(Throwable error) {
        failed(error);
        responses.onError(error);
    }

    @Override
    public void onCompleted() {
        responses.onCompleted();
    }
}
