package io.foresell.inference.serve;

import io.foresell.inference.lookup.FoundFeatures;
import io.foresell.inference.lookup.KnownFeatures;
import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.ServedVersion;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.proto.inference.v1.BulkRow;
import io.foresell.proto.inference.v1.ScoreError;
import io.foresell.proto.inference.v1.ScoredRow;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Scores the rows of one bulk message: those that fit the model are answered, the others each say why not. In slices, between
 * which the lane rests, so that a slow model does not hold a core for seconds.
 */
final class BulkScorer {
    private static final double SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    private final ScoreQuery query;
    private final ServedVersion served;
    private final ReleaseTerms.@Nullable Bands bands;
    private final BulkLane lane;
    private final Recording recording;
    private final ScoredRow[] scored;
    private final @Nullable ScoreError[] errors;

    BulkScorer(ScoreQuery query, BulkStreams.Start start, BulkLane lane, Recording recording) {
        this.query = query;
        this.served = start.served();
        this.bands = start.bands();
        this.lane = lane;
        this.recording = recording;
        this.scored = new ScoredRow[query.rowCount()];
        this.errors = new ScoreError[query.rowCount()];
    }

    /** Scores rows that the message holds. */
    List<BulkRow> scoreRows() {
        int sliceRows = sliceRows();
        for (int first = 0; first < query.rowCount(); first += sliceRows) {
            long startNanos = System.nanoTime();
            int[] slice = range(first, Math.min(sliceRows, query.rowCount() - first));
            try {
                score(slice);
            } catch (ServiceException e) {
                requireRowsAtFault(e);
                score(readable(slice));
            }
            lane.rest(System.nanoTime() - startNanos);
        }
        return outcomes();
    }

    private int sliceRows() {
        double rowNanos = Math.max(1, served.rowCost().nanos(1, query.reasonCount() > 0));
        return (int) Math.max(1, Math.min(query.rowCount(), SLICE_NANOS / rowNanos));
    }

    private static int[] range(int first, int count) {
        int[] rows = new int[count];
        Arrays.setAll(rows, i -> first + i);
        return rows;
    }

    private void score(int[] rows) {
        if (rows.length > 0) {
            Batch batch = Batch.some(served, bands, rows);
            score(batch, Scoring.read(query, batch), null);
        }
    }

    /** A row of a stream is logged as soon as it is scored: its answer leaves with the others of its message. */
    private void score(Batch batch, Rows rows, @Nullable FoundFeatures features) {
        BatchScorer.score(query, batch, rows, features, scored);
        recording.add(query, batch, rows, 0, scored);
    }

    /** Returns the rows that can be read, and says of each other one why not. */
    private int[] readable(int[] rows) {
        return Arrays.stream(rows)
                .filter(row -> isGood(row, one -> Scoring.read(query, Batch.some(served, bands, new int[] {one}))))
                .toArray();
    }

    private boolean isGood(int row, IntFunction<Rows> reader) {
        try {
            var unused = reader.apply(row);
            return true;
        } catch (ServiceException e) {
            requireRowsAtFault(e);
            errors[row] = ScoreErrors.of(e.failure());
            return false;
        }
    }

    /** Only what is wrong with rows is said row by row; anything else ends the stream. */
    private static void requireRowsAtFault(ServiceException error) {
        boolean isOfTheWhole = error.failure().reason().equals("LABEL_UNKNOWN");
        if (error.failure().code() != Status.Code.INVALID_ARGUMENT || isOfTheWhole) {
            throw error;
        }
    }

    /** Scores the entities that the feature store knows. */
    List<BulkRow> scoreKnown(KnownFeatures known) {
        long startNanos = System.nanoTime();
        List<String> keys = query.request().getEntityKeys().getKeysList();
        if (known.places().length > 0) {
            Batch batch = Batch.some(served, bands, known.places());
            score(batch, known.features().rows(), known.features());
        }
        for (int row = 0; row < scored.length; row++) {
            if (scored[row] == null) {
                String key = keys.get(row);
                errors[row] = ScoreErrors.of(
                        key.isEmpty()
                                ? Failure.invalid(
                                        "ENTITY_KEY_EMPTY",
                                        "entity_keys.keys[%d]".formatted(row),
                                        "",
                                        "a key of at least 1 character")
                                : Failure.notFound("entity", shortened(key), "an entity with features"));
            }
        }
        lane.rest(System.nanoTime() - startNanos);
        return outcomes();
    }

    private static String shortened(String key) {
        return key.length() <= 64 ? key : key.substring(0, 61) + "...";
    }

    private List<BulkRow> outcomes() {
        List<BulkRow> outcomes = new ArrayList<>(scored.length);
        for (int row = 0; row < scored.length; row++) {
            ScoreError error = errors[row];
            outcomes.add((error == null
                            ? BulkRow.newBuilder().setScored(scored[row])
                            : BulkRow.newBuilder().setError(error))
                    .build());
        }
        return outcomes;
    }
}
