package io.foresell.benchmarks;

import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.feature.v1.FeatureBlock;
import io.foresell.proto.feature.v1.FeatureColumn;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc;
import io.foresell.proto.feature.v1.GetFeaturesRequest;
import io.foresell.proto.feature.v1.NumberColumn;
import io.foresell.proto.feature.v1.StreamTrainingSetRequest;
import io.foresell.proto.feature.v1.StreamTrainingSetResponse;
import io.foresell.proto.feature.v1.TextColumn;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ListLoadedModelsRequest;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.ModelInput;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.registry.v1.GetVersionRequest;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.ModelVersion;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The running services, and the one model whose calls are measured. */
final class Cluster implements AutoCloseable {
    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    private final GrpcClient featureStore;
    private final GrpcClient training;
    private final GrpcClient inference;
    private String featureSet = ""; // of the model last asked for by entityKeys

    Cluster(String featureStoreTarget, String trainingTarget, String inferenceTarget) {
        WireSettings wire = WireSettings.local(0, 0);
        Telemetry telemetry = resources.add(Telemetry.local("benchmarks"));
        featureStore = resources.add(GrpcClient.open(featureStoreTarget, wire, telemetry));
        training = resources.add(GrpcClient.open(trainingTarget, wire, telemetry));
        inference = resources.add(GrpcClient.open(inferenceTarget, wire, telemetry));
    }

    GrpcClient inference() {
        return inference;
    }

    GrpcClient open(String target) {
        return resources.add(GrpcClient.open(target, WireSettings.local(0, 0), Telemetry.local("benchmarks")));
    }

    /** Returns the serving version of the model with the most weight. */
    LoadedModel servingVersion(String model) {
        return InferenceServiceGrpc.newBlockingStub(inference.channel())
                .listLoadedModels(ListLoadedModelsRequest.getDefaultInstance())
                .getModelsList()
                .stream()
                .filter(loaded -> loaded.getModel().equals(model) && loaded.getWeight() > 0)
                .max((a, b) -> Integer.compare(a.getWeight(), b.getWeight()))
                .orElseThrow(() -> new IllegalStateException(
                        "model: '%s' is not served (expected: a released model; run ./foresell up --demo)"
                                .formatted(model)));
    }

    /** Returns the keys of up to {@code count} entities that the model was trained on. */
    List<String> entityKeys(LoadedModel loaded, int count) {
        ModelVersion version = ModelRegistryServiceGrpc.newBlockingStub(training.channel())
                .getVersion(GetVersionRequest.newBuilder()
                        .setModel(loaded.getModel())
                        .setVersion(loaded.getVersion())
                        .build())
                .getVersion();
        Iterator<StreamTrainingSetResponse> chunks = FeatureStoreServiceGrpc.newBlockingStub(featureStore.channel())
                .withDeadlineAfter(2, java.util.concurrent.TimeUnit.MINUTES)
                .streamTrainingSet(StreamTrainingSetRequest.newBuilder()
                        .setFeatureSet(version.getFeatureSet())
                        .setLabelView(version.getLabelView())
                        .build());
        List<String> keys = chunks.next().getBlock().getEntityKeysList().stream()
                .distinct()
                .limit(count)
                .toList();
        featureSet = version.getFeatureSet();
        return keys;
    }

    /** Returns one entity's features as a packed row in the order of the model's inputs. */
    PackedRows packedRow(LoadedModel loaded, String entityKey) {
        FeatureBlock block = FeatureStoreServiceGrpc.newBlockingStub(featureStore.channel())
                .getFeatures(GetFeaturesRequest.newBuilder()
                        .setFeatureSet(featureSet)
                        .addEntityKeys(entityKey)
                        .build())
                .getBlock();
        Map<String, FeatureColumn> columns = new HashMap<>();
        block.getColumnsList().forEach(column -> columns.put(column.getName(), column));
        PackedRows.Builder row = PackedRows.newBuilder().setRowCount(1);
        for (ModelInput input : loaded.getInputsList()) {
            FeatureColumn column = columns.get(input.getName());
            if (column == null) {
                throw new IllegalStateException("feature store has no feature '%s'".formatted(input.getName()));
            }
            if (input.getIsText()) {
                row.addTexts(text(column.getTexts()));
            } else {
                addNumbers(row, column.getNumbers());
            }
        }
        return row.build();
    }

    private static String text(TextColumn column) {
        int code = column.getCodes(0);
        return code < 0 ? "" : column.getDictionary(code);
    }

    private static void addNumbers(PackedRows.Builder row, NumberColumn column) {
        column.getValuesList().forEach(value -> row.addNumbers(value.floatValue()));
    }

    @Override
    public void close() {
        resources.close();
    }
}
