package io.foresell.benchmarks.serving;

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
import io.grpc.Channel;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The services of a cluster that runs already, and a model that it serves by rows and by entities. */
final class RunningCluster implements Servers {
    private static final int MAX_KEYS = 500;

    /**
     * Where the services answer.
     *
     * @param gateway with its scheme; the others are {@code host:port}
     */
    record Targets(String featureStore, String training, String inference, String gateway) {}

    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    private final Telemetry telemetry = resources.add(Telemetry.local("benchmarks"));
    private final Targets targets;
    private final List<Long> pids;
    private final LoadedModel loaded;
    private final List<String> keys;
    private final MeasuredRow row;

    /**
     * Looks at a cluster.
     *
     * @throws IllegalStateException when it does not serve the model
     */
    RunningCluster(Targets targets, String model, List<Long> pids) {
        this.targets = targets;
        this.pids = List.copyOf(pids);
        Channel featureStore = open(targets.featureStore());
        loaded = servingVersion(open(targets.inference()), model);
        ModelVersion version = ModelRegistryServiceGrpc.newBlockingStub(open(targets.training()))
                .getVersion(GetVersionRequest.newBuilder()
                        .setModel(model)
                        .setVersion(loaded.getVersion())
                        .build())
                .getVersion();
        keys = entityKeys(featureStore, version);
        row = new MeasuredRow(loaded, packedRow(featureStore, version.getFeatureSet(), keys.get(0)));
    }

    @Override
    public Channel open(String target) {
        return resources
                .add(GrpcClient.open(target, WireSettings.local(0, 0), telemetry))
                .channel();
    }

    /** Returns the serving version of the model with the most weight. */
    private static LoadedModel servingVersion(Channel inference, String model) {
        return InferenceServiceGrpc.newBlockingStub(inference)
                .listLoadedModels(ListLoadedModelsRequest.getDefaultInstance())
                .getModelsList()
                .stream()
                .filter(loaded -> loaded.getModel().equals(model) && loaded.getWeight() > 0)
                .max((a, b) -> Integer.compare(a.getWeight(), b.getWeight()))
                .orElseThrow(() -> new IllegalStateException(
                        "model: '%s' is not served (expected: a released model; run ./foresell up --demo)"
                                .formatted(model)));
    }

    /** Returns keys of entities that the model was trained on. */
    private static List<String> entityKeys(Channel featureStore, ModelVersion version) {
        Iterator<StreamTrainingSetResponse> chunks = FeatureStoreServiceGrpc.newBlockingStub(featureStore)
                .withDeadlineAfter(2, TimeUnit.MINUTES)
                .streamTrainingSet(StreamTrainingSetRequest.newBuilder()
                        .setFeatureSet(version.getFeatureSet())
                        .setLabelView(version.getLabelView())
                        .build());
        return chunks.next().getBlock().getEntityKeysList().stream()
                .distinct()
                .limit(MAX_KEYS)
                .toList();
    }

    /** Returns one entity's features as a packed row in the order of the model's inputs. */
    private PackedRows packedRow(Channel featureStore, String featureSet, String entityKey) {
        FeatureBlock block = FeatureStoreServiceGrpc.newBlockingStub(featureStore)
                .getFeatures(GetFeaturesRequest.newBuilder()
                        .setFeatureSet(featureSet)
                        .addEntityKeys(entityKey)
                        .build())
                .getBlock();
        Map<String, FeatureColumn> columns = new HashMap<>();
        block.getColumnsList().forEach(column -> columns.put(column.getName(), column));
        PackedRows.Builder packed = PackedRows.newBuilder().setRowCount(1);
        for (ModelInput input : loaded.getInputsList()) {
            FeatureColumn column = columns.get(input.getName());
            if (column == null) {
                throw new IllegalStateException("feature store has no feature '%s'".formatted(input.getName()));
            }
            if (input.getIsText()) {
                packed.addTexts(text(column.getTexts()));
            } else {
                addNumbers(packed, column.getNumbers());
            }
        }
        return packed.build();
    }

    private static String text(TextColumn column) {
        int code = column.getCodes(0);
        return code < 0 ? "" : column.getDictionary(code);
    }

    private static void addNumbers(PackedRows.Builder row, NumberColumn column) {
        column.getValuesList().forEach(value -> row.addNumbers(value.floatValue()));
    }

    @Override
    public LoadedModel loaded() {
        return loaded;
    }

    @Override
    public MeasuredRow row() {
        return row;
    }

    @Override
    public List<String> entityKeys() {
        return keys;
    }

    @Override
    public String inference() {
        return targets.inference();
    }

    @Override
    public String gateway() {
        return targets.gateway();
    }

    @Override
    public List<Long> pids() {
        return pids;
    }

    @Override
    public void close() {
        resources.close();
    }
}
