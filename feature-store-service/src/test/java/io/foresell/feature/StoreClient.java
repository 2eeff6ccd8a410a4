package io.foresell.feature;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.feature.v1.DefineRequest;
import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.feature.v1.ErasureServiceGrpc;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc;
import io.foresell.proto.feature.v1.GetFeaturesRequest;
import io.foresell.proto.feature.v1.GetFeaturesResponse;
import io.foresell.proto.feature.v1.GetStoreStatusRequest;
import io.foresell.proto.feature.v1.IngestHeader;
import io.foresell.proto.feature.v1.IngestRequest;
import io.foresell.proto.feature.v1.IngestResponse;
import io.foresell.proto.feature.v1.ListQuarantineRequest;
import io.foresell.proto.feature.v1.QuarantinedRow;
import io.foresell.proto.feature.v1.SourceRow;
import io.foresell.proto.feature.v1.StoredDefinition;
import io.foresell.proto.feature.v1.StreamTrainingSetRequest;
import io.foresell.proto.feature.v1.StreamTrainingSetResponse;
import io.foresell.proto.feature.v1.ViewStatus;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Talks to a feature store over its port, as a caller does. */
final class StoreClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final Telemetry telemetry = Telemetry.local("test");
    private final GrpcClient client;

    StoreClient(int port) {
        client = GrpcClient.open("localhost:" + port, WireSettings.local(0, 0), telemetry);
    }

    FeatureStoreServiceGrpc.FeatureStoreServiceBlockingStub blocking() {
        return FeatureStoreServiceGrpc.newBlockingStub(client.channel())
                .withDeadlineAfter(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    ErasureServiceGrpc.ErasureServiceBlockingStub erasure() {
        return ErasureServiceGrpc.newBlockingStub(client.channel())
                .withDeadlineAfter(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    PredictionLogServiceGrpc.PredictionLogServiceBlockingStub predictionLog() {
        return PredictionLogServiceGrpc.newBlockingStub(client.channel())
                .withDeadlineAfter(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    List<StoredDefinition> define(Definition... definitions) {
        return blocking()
                .define(DefineRequest.newBuilder()
                        .addAllDefinitions(List.of(definitions))
                        .build())
                .getDefinitionsList();
    }

    /** Sends requests as one stream, all at once, and returns the answer. */
    IngestResponse ingest(List<IngestRequest> requests) {
        CompletableFuture<IngestResponse> response = new CompletableFuture<>();
        StreamObserver<IngestRequest> stream = FeatureStoreServiceGrpc.newStub(client.channel())
                .withDeadlineAfter(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .ingest(new StreamObserver<>() {
                    @Override
                    public void onNext(IngestResponse value) {
                        response.complete(value);
                    }

                    @Override
                    public void onError(Throwable error) {
                        response.completeExceptionally(error);
                    }

                    @Override
                    public void onCompleted() {}
                });
        for (IngestRequest request : requests) {
            if (!response.isDone()) {
                stream.onNext(request);
            }
        }
        if (!response.isDone()) {
            stream.onCompleted();
        }
        return await(response);
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof StatusRuntimeException status ? status : new IllegalStateException(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends a CSV text without quotes: the first line names the columns. */
    IngestResponse ingestCsv(String view, String batchId, String csv) {
        return ingestCsv(List.of(view), batchId, csv);
    }

    IngestResponse ingestCsv(List<String> views, String batchId, String csv) {
        List<String> lines = csv.strip().lines().toList();
        List<SourceRow> rows = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            rows.add(row(i + 1, lines.get(i).split(",", -1)));
        }
        return ingest(requests(views, batchId, List.of(lines.get(0).split(",", -1)), rows));
    }

    static List<IngestRequest> requests(
            List<String> views, String batchId, List<String> columns, List<SourceRow> rows) {
        List<IngestRequest> requests = new ArrayList<>();
        requests.add(IngestRequest.newBuilder()
                .setHeader(IngestHeader.newBuilder()
                        .addAllViews(views)
                        .addAllColumns(columns)
                        .setBatchId(batchId)
                        .setSource(batchId + ".csv"))
                .build());
        for (int from = 0; from < rows.size(); from += 1000) {
            requests.add(IngestRequest.newBuilder()
                    .addAllRows(rows.subList(from, Math.min(rows.size(), from + 1000)))
                    .build());
        }
        return requests;
    }

    static SourceRow row(long line, String... values) {
        return SourceRow.newBuilder()
                .setLineNumber(line)
                .addAllValues(List.of(values))
                .build();
    }

    GetFeaturesResponse features(String set, String... keys) {
        return blocking()
                .getFeatures(GetFeaturesRequest.newBuilder()
                        .setFeatureSet(set)
                        .addAllEntityKeys(List.of(keys))
                        .build());
    }

    List<StreamTrainingSetResponse> trainingSet(String set, String label) {
        return trainingSet(StreamTrainingSetRequest.newBuilder()
                .setFeatureSet(set)
                .setLabelView(label)
                .build());
    }

    List<StreamTrainingSetResponse> trainingSet(StreamTrainingSetRequest request) {
        List<StreamTrainingSetResponse> blocks = new ArrayList<>();
        blocking().streamTrainingSet(request).forEachRemaining(blocks::add);
        return blocks;
    }

    List<QuarantinedRow> quarantine(String view) {
        return blocking()
                .listQuarantine(ListQuarantineRequest.newBuilder().setView(view).build())
                .getRowsList();
    }

    ViewStatus status(String view) {
        return blocking().getStoreStatus(GetStoreStatusRequest.getDefaultInstance()).getViewsList().stream()
                .filter(status -> status.getView().equals(view))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the reason that the server gave for an error. */
    static String reason(StatusRuntimeException error) {
        return detail(error, ErrorInfo.class).getReason();
    }

    /** Returns the fields that the server found at fault. */
    static List<String> fields(StatusRuntimeException error) {
        return detail(error, BadRequest.class).getFieldViolationsList().stream()
                .map(BadRequest.FieldViolation::getField)
                .toList();
    }

    private static <T extends com.google.protobuf.Message> T detail(StatusRuntimeException error, Class<T> type) {
        com.google.rpc.Status status = StatusProto.fromThrowable(error);
        try {
            for (com.google.protobuf.Any any : status.getDetailsList()) {
                if (any.is(type)) {
                    return any.unpack(type);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
        throw new AssertionError("no " + type.getSimpleName() + " in " + status);
    }

    @Override
    public void close() {
        client.close();
        telemetry.close();
    }
}
