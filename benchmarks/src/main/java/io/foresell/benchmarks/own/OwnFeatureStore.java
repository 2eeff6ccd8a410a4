package io.foresell.benchmarks.own;

import io.foresell.kit.GrpcServer;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.feature.v1.Column;
import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.feature.v1.FeatureBlock;
import io.foresell.proto.feature.v1.FeatureColumn;
import io.foresell.proto.feature.v1.FeatureRef;
import io.foresell.proto.feature.v1.FeatureSet;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc.FeatureStoreServiceImplBase;
import io.foresell.proto.feature.v1.FeatureView;
import io.foresell.proto.feature.v1.GetFeaturesRequest;
import io.foresell.proto.feature.v1.GetFeaturesResponse;
import io.foresell.proto.feature.v1.ListDefinitionsRequest;
import io.foresell.proto.feature.v1.ListDefinitionsResponse;
import io.foresell.proto.feature.v1.NumberColumn;
import io.foresell.proto.feature.v1.StoredDefinition;
import io.foresell.proto.feature.v1.ValueType;
import io.foresell.proto.prediction.v1.AppendPredictionsRequest;
import io.foresell.proto.prediction.v1.AppendPredictionsResponse;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc.PredictionLogServiceImplBase;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * A feature store of one feature set in memory: 40 numbers for every key that begins with {@code known}, drawn from the key, and a prediction log that
 * counts and keeps nothing. Thread-safe.
 */
public final class OwnFeatureStore implements AutoCloseable {
    /** Name of its feature set. */
    public static final String FEATURE_SET = "own_features";
    /** Hash of its feature set. */
    public static final String HASH = "own-1";
    /** Name of its entity. */
    public static final String ENTITY = "customer";

    private static final String VIEW = "numbers";
    private static final int NUMBERS = 40;
    private static final String KNOWN = "known";

    private final LongAdder loggedCount = new LongAdder();
    private final GrpcServer server = GrpcServer.start(
            "feature-store",
            WireSettings.local(0, 0),
            Telemetry.local("feature-store"),
            GrpcServer.Threads.POOL,
            List.of(new Features(), new Log()));

    public int port() {
        return server.port();
    }

    /** Returns how many predictions were logged. */
    public long loggedCount() {
        return loggedCount.sum();
    }

    @Override
    public void close() {
        server.close();
    }

    private static final class Features extends FeatureStoreServiceImplBase {
        @Override
        public void getFeatures(GetFeaturesRequest request, StreamObserver<GetFeaturesResponse> responses) {
            GetFeaturesResponse.Builder response = GetFeaturesResponse.newBuilder();
            FeatureBlock.Builder block = FeatureBlock.newBuilder();
            NumberColumn.Builder[] columns = new NumberColumn.Builder[NUMBERS];
            for (int number = 0; number < NUMBERS; number++) {
                columns[number] = NumberColumn.newBuilder().setWidth(1);
            }
            long now = System.currentTimeMillis();
            for (String key : request.getEntityKeysList()) {
                if (!key.startsWith(KNOWN)) {
                    response.addUnknownEntityKeys(key);
                    continue;
                }
                block.setRowCount(block.getRowCount() + 1)
                        .addEntityKeys(key)
                        .addAsOfMillis(now)
                        .addOldestValueMillis(now - 1000);
                for (int number = 0; number < NUMBERS; number++) {
                    columns[number].addValues(Math.floorMod(key.hashCode() * 31 + number * 17, 200) / 100.0 - 1);
                }
            }
            for (int number = 0; number < NUMBERS; number++) {
                block.addColumns(
                        FeatureColumn.newBuilder().setName("number" + number).setNumbers(columns[number]));
            }
            responses.onNext(response.setBlock(block).setFeatureSetHash(HASH).build());
            responses.onCompleted();
        }

        @Override
        public void listDefinitions(ListDefinitionsRequest request, StreamObserver<ListDefinitionsResponse> responses) {
            FeatureView.Builder view = FeatureView.newBuilder().setName(VIEW).setEntity(ENTITY);
            FeatureSet.Builder set =
                    FeatureSet.newBuilder().setName(FEATURE_SET).setEntity(ENTITY);
            for (int number = 0; number < NUMBERS; number++) {
                view.addColumns(Column.newBuilder().setName("number" + number).setType(ValueType.VALUE_TYPE_NUMBER));
                set.addFeatures(FeatureRef.newBuilder().setView(VIEW).setFeature("number" + number));
            }
            responses.onNext(ListDefinitionsResponse.newBuilder()
                    .addDefinitions(stored(Definition.newBuilder().setFeatureView(view), "view-1"))
                    .addDefinitions(stored(Definition.newBuilder().setFeatureSet(set), HASH))
                    .build());
            responses.onCompleted();
        }

        private static StoredDefinition stored(Definition.Builder definition, String hash) {
            return StoredDefinition.newBuilder()
                    .setDefinition(definition)
                    .setVersion(1)
                    .setHash(hash)
                    .build();
        }
    }

    private final class Log extends PredictionLogServiceImplBase {
        @Override
        public void appendPredictions(
                AppendPredictionsRequest request, StreamObserver<AppendPredictionsResponse> responses) {
            loggedCount.add(request.getRecordsCount());
            responses.onNext(AppendPredictionsResponse.newBuilder()
                    .setAcceptedCount(request.getRecordsCount())
                    .build());
            responses.onCompleted();
        }
    }
}
