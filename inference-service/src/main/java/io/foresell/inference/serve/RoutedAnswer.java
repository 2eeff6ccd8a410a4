package io.foresell.inference.serve;

import io.foresell.inference.lookup.FoundFeatures;
import io.foresell.inference.measure.OutcomeCounts;
import io.foresell.inference.measure.VersionCounts;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.WeightedVersion;
import io.foresell.inference.shadow.AnsweredRows;
import io.foresell.inference.shadow.ShadowLane;
import io.foresell.model.Rows;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
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

    private record Kept(Batch batch, Rows rows, @Nullable FoundFeatures features) {}

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
            kept.add(new Kept(batch, rows, features));
        }
    }

    /** Names the batch that is worked on from now on. */
    void begin(Batch batch) {
        working = batch;
    }

    /** Answers the request. */
    void answer(ScoredRow[] answers) {
        working = null;
        int revision = isRouted ? slot.revision() : 0;
        responses.onNext(ScoreResponse.newBuilder()
                .setModel(query.request().getModel())
                .setReleaseRevision(revision)
                .addAllRows(Arrays.asList(answers))
                .build());
        responses.onCompleted();
        if (isRouted) {
            isCounted = true;
            count(answers);
        }
        for (Kept each : kept) {
            recording.add(query, each.batch(), each.rows(), revision, answers);
            if (hasShadows) {
                shadows.copy(answered(each, answers));
            }
        }
    }

    private void count(ScoredRow[] answers) {
        long nanos = System.nanoTime() - startNanos;
        for (VersionCounts counts : countsOf(batches)) {
            counts.answered(nanos);
        }
        for (Batch batch : batches) {
            WeightedVersion route = batch.route();
            for (int place = 0; route != null && place < batch.rowCount(); place++) {
                ScoredRow row = answers[batch.requestRow(place)];
                route.counts().row(row.getScore(), outcome(row), batch.isHeldOut());
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
