package io.foresell.inference.serve;

import io.foresell.inference.admit.AdaptiveLimit;
import io.foresell.inference.admit.CallerQuotas;
import io.foresell.inference.lookup.FeatureLookup;
import io.foresell.inference.lookup.FeatureSetRef;
import io.foresell.inference.lookup.FoundFeatures;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.RouteBoard;
import io.foresell.inference.route.RouteTable;
import io.foresell.inference.route.ServedVersion;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.manifest.Manifest;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Answers one request, whether it is a call of its own or came with a stream. Reads the route table once a request, so that one
 * release answers it whole. Rows are scored where the request arrives, on the network thread; entities continue when their
 * features arrive; batches above 256 rows, or estimated to take longer than 2 ms, go to the heavy lane.
 */
final class Scoring {
    private final RouteBoard board;
    private final SlotChoice slots;
    private final FeatureLookup lookup;
    private final HeavyLane heavyLane;
    private final AdaptiveLimit limit;
    private final Recording recording;

    Scoring(
            RouteBoard board,
            SlotChoice slots,
            FeatureLookup lookup,
            HeavyLane heavyLane,
            AdaptiveLimit limit,
            Recording recording) {
        this.board = board;
        this.slots = slots;
        this.lookup = lookup;
        this.heavyLane = heavyLane;
        this.limit = limit;
        this.recording = recording;
    }

    /**
     * Answers a request: by one response and the end, or by an error.
     *
     * @throws ServiceException what is wrong with the request, when it is known at once; nothing was answered then
     */
    void score(ScoreRequest request, StreamObserver<ScoreResponse> responses) {
        Calls.requireTimeLeft();
        ScoreQuery query = ScoreQuery.of(request);
        CallerQuotas.charge(query.rowCount() - 1); // admission took one
        RouteTable table = board.current();
        ModelSlot slot = slots.slot(table, request.getModel());
        List<Batch> batches = request.getVersion() == 0
                ? Batch.split(query, slot)
                : Batch.whole(SlotChoice.pinned(slot, request.getVersion()), query.rowCount());
        int revision = request.getVersion() == 0 ? slot.revision() : 0;
        if (request.hasEntityKeys()) {
            scoreEntities(query, batches, revision, responses);
        } else if (isHeavy(query, batches)) {
            Calls.ignoreCancellation(responses);
            onHeavyLane(query, batches, responses, () -> scoreRows(query, batches, revision, responses));
        } else {
            scoreRows(query, batches, revision, responses);
        }
    }

    private void scoreRows(
            ScoreQuery query, List<Batch> batches, int revision, StreamObserver<ScoreResponse> responses) {
        ScoredRow[] answers = new ScoredRow[query.rowCount()];
        Rows[] rows = new Rows[batches.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = read(query, batches.get(i));
            BatchScorer.score(query, batches.get(i), rows[i], null, answers);
        }
        answer(query, revision, answers, responses);
        for (int i = 0; i < rows.length; i++) {
            recording.add(query, batches.get(i), rows[i], revision, answers);
        }
    }

    /** Reads the rows of a batch that the request holds. */
    static Rows read(ScoreQuery query, Batch batch) {
        return query.request().hasPackedRows()
                ? PackedRowReader.read(query.request().getPackedRows(), batch)
                : NamedRowReader.read(query.request().getNamedRows(), batch);
    }

    private void scoreEntities(
            ScoreQuery query, List<Batch> batches, int revision, StreamObserver<ScoreResponse> responses) {
        requireKeys(query.request().getEntityKeys().getKeysList());
        Calls.ignoreCancellation(responses);
        long startNanos = System.nanoTime();
        List<CompletableFuture<FoundFeatures>> lookups = new ArrayList<>();
        for (Batch batch : batches) {
            lookups.add(find(query, batch));
        }
        // The context carries deadline and trace to the thread on which the features arrive.
        Context context = Context.current();
        CompletableFuture<Void> all = CompletableFuture.allOf(lookups.toArray(new CompletableFuture<?>[0]));
        var unused = all.whenComplete((nothing, error) -> context.run(() -> {
            limit.lookedUp(System.nanoTime() - startNanos);
            if (error != null) {
                Calls.fail(responses, error);
            } else if (isHeavy(query, batches)) {
                Calls.guarded(
                        responses,
                        () -> onHeavyLane(
                                query,
                                batches,
                                responses,
                                () -> scoreFound(query, batches, lookups, revision, responses)));
            } else {
                Calls.guarded(responses, () -> scoreFound(query, batches, lookups, revision, responses));
            }
        }));
    }

    private static boolean isHeavy(ScoreQuery query, List<Batch> batches) {
        return HeavyLane.isHeavy(query.rowCount(), estimatedNanos(query, batches));
    }

    private static double estimatedNanos(ScoreQuery query, List<Batch> batches) {
        double nanos = 0;
        for (Batch batch : batches) {
            nanos += batch.served().rowCost().nanos(batch.rowCount(), query.reasonCount() > 0);
        }
        return nanos;
    }

    private CompletableFuture<FoundFeatures> find(ScoreQuery query, Batch batch) {
        Manifest manifest = batch.served().modelPackage().manifest();
        if (manifest.getFeatureSet().isEmpty()) {
            throw withoutFeatureSet(batch.served(), query.request().getModel());
        }
        List<String> keys = query.request().getEntityKeys().getKeysList();
        if (!batch.isWhole()) {
            List<String> some = new ArrayList<>(batch.rowCount());
            for (int place = 0; place < batch.rowCount(); place++) {
                some.add(keys.get(batch.requestRow(place)));
            }
            keys = some;
        }
        return lookup.find(
                new FeatureSetRef(manifest.getFeatureSet(), manifest.getFeatureSetHash()),
                batch.served().modelPackage().signature(),
                keys);
    }

    static ServiceException withoutFeatureSet(ServedVersion served, String model) {
        return new ServiceException(Failure.invalid(
                "ENTITY_KEYS_UNSUPPORTED",
                "entity_keys: version %d of model '%s' has no feature set (expected: named_rows or packed_rows)"
                        .formatted(served.version(), model)));
    }

    private void scoreFound(
            ScoreQuery query,
            List<Batch> batches,
            List<CompletableFuture<FoundFeatures>> lookups,
            int revision,
            StreamObserver<ScoreResponse> responses) {
        ScoredRow[] answers = new ScoredRow[query.rowCount()];
        for (int i = 0; i < batches.size(); i++) {
            FoundFeatures features = lookups.get(i).join(); // complete by now
            BatchScorer.score(query, batches.get(i), features.rows(), features, answers);
        }
        answer(query, revision, answers, responses);
        for (int i = 0; i < batches.size(); i++) {
            recording.add(query, batches.get(i), lookups.get(i).join().rows(), revision, answers);
        }
    }

    private static void answer(
            ScoreQuery query, int revision, ScoredRow[] answers, StreamObserver<ScoreResponse> responses) {
        responses.onNext(ScoreResponse.newBuilder()
                .setModel(query.request().getModel())
                .setReleaseRevision(revision)
                .addAllRows(Arrays.asList(answers))
                .build());
        responses.onCompleted();
    }

    private void onHeavyLane(
            ScoreQuery query, List<Batch> batches, StreamObserver<ScoreResponse> responses, Runnable work) {
        heavyLane.run(
                (long) estimatedNanos(query, batches),
                Context.current()
                        .wrap(() -> Calls.guarded(responses, () -> {
                            Calls.requireTimeLeft();
                            work.run();
                        })));
    }

    private static void requireKeys(List<String> keys) {
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).isEmpty()) {
                throw new ServiceException(Failure.invalid(
                        "ENTITY_KEY_EMPTY", "entity_keys.keys[%d]".formatted(i), "", "a key of at least 1 character"));
            }
        }
    }
}
