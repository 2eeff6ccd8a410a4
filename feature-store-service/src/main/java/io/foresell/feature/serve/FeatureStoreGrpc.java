package io.foresell.feature.serve;

import io.foresell.feature.asof.FeaturePlan;
import io.foresell.feature.asof.FeaturePlans;
import io.foresell.feature.define.Catalog;
import io.foresell.feature.define.Definition;
import io.foresell.feature.define.StoredDefinition;
import io.foresell.feature.history.HistoryStatus;
import io.foresell.feature.ingest.QuarantineReplay;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.DefineRequest;
import io.foresell.proto.feature.v1.DefineResponse;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc;
import io.foresell.proto.feature.v1.GetFeaturesRequest;
import io.foresell.proto.feature.v1.GetFeaturesResponse;
import io.foresell.proto.feature.v1.GetStoreStatusRequest;
import io.foresell.proto.feature.v1.GetStoreStatusResponse;
import io.foresell.proto.feature.v1.IngestRequest;
import io.foresell.proto.feature.v1.IngestResponse;
import io.foresell.proto.feature.v1.ListDefinitionsRequest;
import io.foresell.proto.feature.v1.ListDefinitionsResponse;
import io.foresell.proto.feature.v1.ListQuarantineRequest;
import io.foresell.proto.feature.v1.ListQuarantineResponse;
import io.foresell.proto.feature.v1.ReplayQuarantineRequest;
import io.foresell.proto.feature.v1.ReplayQuarantineResponse;
import io.foresell.proto.feature.v1.StreamTrainingSetRequest;
import io.foresell.proto.feature.v1.StreamTrainingSetResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The feature store's gRPC service. Errors thrown here become statuses in the server's interceptor. Thread-safe. */
public final class FeatureStoreGrpc extends FeatureStoreServiceGrpc.FeatureStoreServiceImplBase {
    private static final int MAX_KEYS = 4096;
    private static final int MAX_PAGE_SIZE = 1000;
    private static final int DEFAULT_PAGE_SIZE = 100;
    private static final int MAX_REPLAYS = 1000;

    private final FeatureStores stores;
    private final FeaturePlans plans = new FeaturePlans();
    private final QuarantineReplay replay;
    private final CallSlots ingestSlots;
    private final CallSlots trainingSlots;
    private final Timer onlineReads;
    private final Timer trainingReads;

    /**
     * Makes the service.
     *
     * @param maxIngestStreams Ingest calls at once
     * @param maxTrainingStreams StreamTrainingSet calls at once
     */
    public FeatureStoreGrpc(FeatureStores stores, MeterRegistry meters, int maxIngestStreams, int maxTrainingStreams) {
        this.stores = stores;
        replay = new QuarantineReplay(stores.ingestor());
        ingestSlots = new CallSlots("Ingest streams", maxIngestStreams);
        trainingSlots = new CallSlots("StreamTrainingSet streams", maxTrainingStreams);
        onlineReads = timer(meters, "online");
        trainingReads = timer(meters, "training_set");
    }

    private static Timer timer(MeterRegistry meters, String kind) {
        return Timer.builder("feature_read")
                .description("Time to read and compute features")
                .tag("kind", kind)
                .publishPercentileHistogram(false)
                .register(meters);
    }

    private static <T> void answer(StreamObserver<T> observer, T response) {
        observer.onNext(response);
        observer.onCompleted();
    }

    @Override
    public void define(DefineRequest request, StreamObserver<DefineResponse> observer) {
        List<Definition> definitions = new ArrayList<>();
        for (int i = 0; i < request.getDefinitionsCount(); i++) {
            definitions.add(DefinitionProtos.fromProto(request.getDefinitions(i), i));
        }
        DefineResponse.Builder response = DefineResponse.newBuilder();
        stores.definitions()
                .define(definitions)
                .forEach(stored -> response.addDefinitions(DefinitionProtos.toProto(stored)));
        answer(observer, response.build());
    }

    @Override
    public void listDefinitions(ListDefinitionsRequest request, StreamObserver<ListDefinitionsResponse> observer) {
        ListDefinitionsResponse.Builder response = ListDefinitionsResponse.newBuilder();
        for (StoredDefinition stored : stores.definitions().current().all()) {
            response.addDefinitions(DefinitionProtos.toProto(stored));
        }
        answer(observer, response.build());
    }

    @Override
    public StreamObserver<IngestRequest> ingest(StreamObserver<IngestResponse> observer) {
        return new IngestCall(stores, ingestSlots.take(), observer);
    }

    @Override
    public void listQuarantine(ListQuarantineRequest request, StreamObserver<ListQuarantineResponse> observer) {
        int size = request.getPageSize() == 0 ? DEFAULT_PAGE_SIZE : request.getPageSize();
        requireRange("page_size", size, MAX_PAGE_SIZE);
        if (!request.getView().isEmpty()) {
            stores.definitions().current().rowView(request.getView());
        }
        answer(
                observer,
                FeatureProtos.toProto(stores.quarantine().list(request.getView(), size, request.getPageToken())));
    }

    @Override
    public void replayQuarantine(ReplayQuarantineRequest request, StreamObserver<ReplayQuarantineResponse> observer) {
        requireRange("rows", request.getRowsCount(), MAX_REPLAYS);
        List<QuarantineReplay.Try> tries = request.getRowsList().stream()
                .map(row -> new QuarantineReplay.Try(row.getId(), row.getCorrectedValuesMap()))
                .toList();
        answer(
                observer,
                FeatureProtos.toProto(replay.replay(stores.definitions().current(), tries)));
    }

    @Override
    public void getFeatures(GetFeaturesRequest request, StreamObserver<GetFeaturesResponse> observer) {
        requireRange("entity_keys", request.getEntityKeysCount(), MAX_KEYS);
        Timer.Sample sample = Timer.start();
        FeaturePlan plan = plan(request.getFeatureSet());
        String wanted = request.getFeatureSetHash();
        if (!wanted.isEmpty() && !wanted.equals(plan.hash())) {
            plan = plans.of(stores.definitions().current(), request.getFeatureSet());
        }
        if (!wanted.isEmpty() && !wanted.equals(plan.hash())) {
            throw new ServiceException(Failure.precondition(
                            "FEATURE_SET_CHANGED",
                            "feature_set_hash: '%s' (expected: '%s', the hash of '%s' now)"
                                    .formatted(wanted, plan.hash(), request.getFeatureSet()))
                    .with("feature_set_hash", plan.hash()));
        }
        GetFeaturesResponse response =
                FeatureProtos.toProto(plan, stores.online().read(plan, request.getEntityKeysList()));
        sample.stop(onlineReads);
        answer(observer, response);
    }

    /** Definitions may be a second old; a set that is not among them may be younger. */
    private FeaturePlan plan(String featureSet) {
        Catalog recent = stores.definitions().recent();
        boolean isKnown = recent.find(Definition.Space.FEATURE_SET, featureSet) != null;
        return plans.of(isKnown ? recent : stores.definitions().current(), featureSet);
    }

    @Override
    public void streamTrainingSet(
            StreamTrainingSetRequest request, StreamObserver<StreamTrainingSetResponse> observer) {
        CallSlots.Slot slot = trainingSlots.take();
        try {
            Timer.Sample sample = Timer.start();
            Catalog catalog = stores.definitions().current();
            FeaturePlan plan = FeaturePlan.of(catalog, request.getFeatureSet());
            stores.trainingSets().stream(
                    catalog,
                    request.getFeatureSet(),
                    request.getLabelView(),
                    request.getFromMillis(),
                    request.getUntilMillis(),
                    new TrainingSetCall(plan, (ServerCallStreamObserver<StreamTrainingSetResponse>) observer));
            sample.stop(trainingReads);
            observer.onCompleted();
        } finally {
            slot.close();
        }
    }

    @Override
    public void getStoreStatus(GetStoreStatusRequest request, StreamObserver<GetStoreStatusResponse> observer) {
        Map<String, Long> quarantined = stores.quarantine().counts();
        GetStoreStatusResponse.Builder response = GetStoreStatusResponse.newBuilder();
        for (String view : stores.definitions().current().viewNames()) {
            HistoryStatus status = HistoryStatus.of(stores.history(), view);
            response.addViews(FeatureProtos.toProto(view, status, quarantined.getOrDefault(view, 0L)));
        }
        answer(observer, response.build());
    }

    private static void requireRange(String field, int count, int max) {
        if (count < 1 || count > max) {
            throw new ServiceException(Failure.invalid("COUNT_OUT_OF_RANGE", field, count, "1.." + max));
        }
    }
}
