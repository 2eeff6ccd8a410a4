package io.foresell.inference.serve;

import io.foresell.inference.fetch.RegistryConnection;
import io.foresell.inference.load.LoadStates;
import io.foresell.inference.lookup.FeatureLookup;
import io.foresell.inference.lookup.FeatureSetRef;
import io.foresell.inference.lookup.FoundFeatures;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.RouteBoard;
import io.foresell.inference.route.RouteTable;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.manifest.Manifest;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ListLoadedModelsRequest;
import io.foresell.proto.inference.v1.ListLoadedModelsResponse;
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
 * Answers Score and ListLoadedModels. Reads the route table once a request, so that one release answers it whole. Rows are
 * scored where the request arrives, on the network thread; entities continue when their features arrive; batches above
 * 256 rows, or estimated to take longer than 2 ms, go to the heavy lane.
 */
public final class InferenceEndpoint extends InferenceServiceGrpc.InferenceServiceImplBase {
    private final RouteBoard board;
    private final SlotChoice slots;
    private final FeatureLookup lookup;
    private final HeavyLane heavyLane;
    private final LoadedModels loadedModels;

    public InferenceEndpoint(
            RouteBoard board,
            LoadStates states,
            FeatureLookup lookup,
            HeavyLane heavyLane,
            RegistryConnection connection) {
        this.board = board;
        this.slots = new SlotChoice(board, states);
        this.lookup = lookup;
        this.heavyLane = heavyLane;
        this.loadedModels = new LoadedModels(board, states, connection);
    }

    @Override
    public void listLoadedModels(ListLoadedModelsRequest request, StreamObserver<ListLoadedModelsResponse> responses) {
        responses.onNext(loadedModels.list());
        responses.onCompleted();
    }

    @Override
    public void score(ScoreRequest request, StreamObserver<ScoreResponse> responses) {
        Calls.requireTimeLeft();
        ScoreQuery query = ScoreQuery.of(request);
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
            onHeavyLane(responses, () -> scoreRows(query, batches, revision, responses));
        } else {
            scoreRows(query, batches, revision, responses);
        }
    }

    private static void scoreRows(
            ScoreQuery query, List<Batch> batches, int revision, StreamObserver<ScoreResponse> responses) {
        ScoredRow[] answers = new ScoredRow[query.rowCount()];
        for (Batch batch : batches) {
            Rows rows = query.request().hasPackedRows()
                    ? PackedRowReader.read(query.request().getPackedRows(), batch)
                    : NamedRowReader.read(query.request().getNamedRows(), batch);
            BatchScorer.score(query, batch, rows, null, answers);
        }
        answer(query, revision, answers, responses);
    }

    private void scoreEntities(
            ScoreQuery query, List<Batch> batches, int revision, StreamObserver<ScoreResponse> responses) {
        requireKeys(query);
        Calls.ignoreCancellation(responses);
        List<CompletableFuture<FoundFeatures>> lookups = new ArrayList<>();
        for (Batch batch : batches) {
            lookups.add(find(query, batch));
        }
        // The context carries deadline and trace to the thread on which the features arrive.
        Context context = Context.current();
        CompletableFuture<Void> all = CompletableFuture.allOf(lookups.toArray(new CompletableFuture<?>[0]));
        var unused = all.whenComplete((nothing, error) -> context.run(() -> {
            if (error != null) {
                Calls.fail(responses, error);
            } else if (isHeavy(query, batches)) {
                Calls.guarded(
                        responses,
                        () -> onHeavyLane(responses, () -> scoreFound(query, batches, lookups, revision, responses)));
            } else {
                Calls.guarded(responses, () -> scoreFound(query, batches, lookups, revision, responses));
            }
        }));
    }

    private static boolean isHeavy(ScoreQuery query, List<Batch> batches) {
        double nanos = 0;
        for (Batch batch : batches) {
            nanos += batch.served().rowCost().nanos(batch.rowCount(), query.reasonCount() > 0);
        }
        return HeavyLane.isHeavy(query.rowCount(), nanos);
    }

    private CompletableFuture<FoundFeatures> find(ScoreQuery query, Batch batch) {
        Manifest manifest = batch.served().modelPackage().manifest();
        if (manifest.getFeatureSet().isEmpty()) {
            throw new ServiceException(Failure.invalid(
                    "ENTITY_KEYS_UNSUPPORTED",
                    "entity_keys: version %d of model '%s' has no feature set (expected: named_rows or packed_rows)"
                            .formatted(batch.served().version(), query.request().getModel())));
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

    private static void scoreFound(
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

    private void onHeavyLane(StreamObserver<ScoreResponse> responses, Runnable work) {
        heavyLane.run(Context.current()
                .wrap(() -> Calls.guarded(responses, () -> {
                    Calls.requireTimeLeft();
                    work.run();
                })));
    }

    private static void requireKeys(ScoreQuery query) {
        List<String> keys = query.request().getEntityKeys().getKeysList();
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).isEmpty()) {
                throw new ServiceException(Failure.invalid(
                        "ENTITY_KEY_EMPTY", "entity_keys.keys[%d]".formatted(i), "", "a key of at least 1 character"));
            }
        }
    }
}
