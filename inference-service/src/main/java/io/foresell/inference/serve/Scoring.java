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
import io.foresell.inference.shadow.ShadowLane;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.manifest.Manifest;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
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
    private final ParkedModels parked;
    private final FeatureLookup lookup;
    private final HeavyLane heavyLane;
    private final AdaptiveLimit limit;
    private final ShadowLane shadows;
    private final Recording recording;
    private final LadderScoring ladders;

    Scoring(
            RouteBoard board,
            SlotChoice slots,
            ParkedModels parked,
            FeatureLookup lookup,
            HeavyLane heavyLane,
            AdaptiveLimit limit,
            ShadowLane shadows,
            Recording recording,
            MeterRegistry meters) {
        this.board = board;
        this.slots = slots;
        this.parked = parked;
        this.lookup = lookup;
        this.heavyLane = heavyLane;
        this.limit = limit;
        this.shadows = shadows;
        this.recording = recording;
        this.ladders = new LadderScoring(lookup, heavyLane, limit, meters);
    }

    /**
     * Answers a request: by one response and the end, or by an error.
     *
     * @throws ServiceException what is wrong with the request, when it is known at once; nothing was answered then
     */
    void score(ScoreRequest request, StreamObserver<ScoreResponse> responses) {
        long startNanos = System.nanoTime();
        Calls.requireTimeLeft();
        ScoreQuery query = ScoreQuery.of(request);
        RouteTable table = board.current();
        while (table.parked(request.getModel()) != null) {
            if (parked.defer(request.getModel(), responses, later -> score(request, later))) {
                return;
            }
            table = board.current(); // it came back between two looks
        }
        CallerQuotas.charge(query.rowCount() - 1); // admission took one
        ModelSlot slot = slots.slot(table, request.getModel());
        boolean isRouted = request.getVersion() == 0;
        List<Batch> batches = isRouted
                ? Batch.split(query, slot)
                : Batch.named(SlotChoice.pinned(slot, request.getVersion()), slot, query.rowCount());
        RoutedAnswer answer =
                new RoutedAnswer(responses, query, slot, batches, isRouted, shadows, recording, startNanos);
        try {
            score(answer, responses);
        } catch (RuntimeException | Error e) {
            answer.failed(e);
            throw e;
        }
    }

    private void score(RoutedAnswer answer, StreamObserver<ScoreResponse> responses) {
        if (answer.ladder() != null) {
            Calls.ignoreCancellation(responses);
            ladders.score(answer, answer.ladder());
        } else if (answer.query().request().hasEntityKeys()) {
            requireKeys(answer.query().request().getEntityKeys().getKeysList());
            Calls.ignoreCancellation(responses);
            scoreEntities(answer);
        } else if (isHeavy(answer)) {
            Calls.ignoreCancellation(responses);
            onHeavyLane(answer, () -> scoreRows(answer));
        } else {
            scoreRows(answer);
        }
    }

    private static void scoreRows(RoutedAnswer answer) {
        ScoredRow[] answers = new ScoredRow[answer.query().rowCount()];
        for (Batch batch : answer.batches()) {
            answer.begin(batch);
            answer.score(batch, read(answer.query(), batch), null, answers);
        }
        answer.answer(answers);
    }

    /** Reads the rows of a batch that the request holds. */
    static Rows read(ScoreQuery query, Batch batch) {
        return query.request().hasPackedRows()
                ? PackedRowReader.read(query.request().getPackedRows(), batch)
                : NamedRowReader.read(query.request().getNamedRows(), batch);
    }

    private void scoreEntities(RoutedAnswer answer) {
        long startNanos = System.nanoTime();
        List<CompletableFuture<FoundFeatures>> lookups = new ArrayList<>();
        for (Batch batch : answer.batches()) {
            lookups.add(find(answer.query(), batch));
        }
        // The context carries deadline and trace to the thread on which the features arrive.
        Context context = Context.current();
        CompletableFuture<Void> all = CompletableFuture.allOf(lookups.toArray(new CompletableFuture<?>[0]));
        var unused = all.whenComplete((nothing, error) -> context.run(() -> {
            limit.lookedUp(System.nanoTime() - startNanos);
            if (error != null) {
                Calls.fail(answer, error);
            } else if (isHeavy(answer)) {
                Calls.guarded(answer, () -> onHeavyLane(answer, () -> scoreFound(answer, lookups)));
            } else {
                Calls.guarded(answer, () -> scoreFound(answer, lookups));
            }
        }));
    }

    private static boolean isHeavy(RoutedAnswer answer) {
        return HeavyLane.isHeavy(answer.query().rowCount(), estimatedNanos(answer));
    }

    private static double estimatedNanos(RoutedAnswer answer) {
        double nanos = 0;
        for (Batch batch : answer.batches()) {
            nanos += batch.served()
                    .rowCost()
                    .nanos(batch.rowCount(), answer.query().reasonCount() > 0);
        }
        return nanos;
    }

    private CompletableFuture<FoundFeatures> find(ScoreQuery query, Batch batch) {
        Manifest manifest = batch.served().modelPackage().manifest();
        if (manifest.getFeatureSet().isEmpty()) {
            throw withoutFeatureSet(batch.served(), query.request().getModel());
        }
        return lookup.find(setOf(batch.served()), batch.served().modelPackage().signature(), keys(query, batch));
    }

    static FeatureSetRef setOf(ServedVersion served) {
        Manifest manifest = served.modelPackage().manifest();
        return new FeatureSetRef(manifest.getFeatureSet(), manifest.getFeatureSetHash());
    }

    /** Returns the keys of the entities of a batch. */
    static List<String> keys(ScoreQuery query, Batch batch) {
        List<String> keys = query.request().getEntityKeys().getKeysList();
        if (batch.isWhole()) {
            return keys;
        }
        List<String> some = new ArrayList<>(batch.rowCount());
        for (int place = 0; place < batch.rowCount(); place++) {
            some.add(keys.get(batch.requestRow(place)));
        }
        return some;
    }

    static ServiceException withoutFeatureSet(ServedVersion served, String model) {
        return new ServiceException(Failure.invalid(
                "ENTITY_KEYS_UNSUPPORTED",
                "entity_keys: version %d of model '%s' has no feature set (expected: named_rows or packed_rows)"
                        .formatted(served.version(), model)));
    }

    private static void scoreFound(RoutedAnswer answer, List<CompletableFuture<FoundFeatures>> lookups) {
        ScoredRow[] answers = new ScoredRow[answer.query().rowCount()];
        for (int i = 0; i < answer.batches().size(); i++) {
            Batch batch = answer.batches().get(i);
            answer.begin(batch);
            FoundFeatures features = lookups.get(i).join(); // complete by now
            answer.score(batch, features.rows(), features, answers);
        }
        answer.answer(answers);
    }

    private void onHeavyLane(RoutedAnswer answer, Runnable work) {
        heavyLane.run(
                (long) estimatedNanos(answer),
                Context.current()
                        .wrap(() -> Calls.guarded(answer, () -> {
                            Calls.requireTimeLeft();
                            work.run();
                        })));
    }

    static void requireKeys(List<String> keys) {
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).isEmpty()) {
                throw new ServiceException(Failure.invalid(
                        "ENTITY_KEY_EMPTY", "entity_keys.keys[%d]".formatted(i), "", "a key of at least 1 character"));
            }
        }
    }
}
