package io.foresell.inference.serve.tensor;

import io.foresell.inference.load.VersionStatus;
import io.foresell.inference.route.CallStatistics;
import io.foresell.inference.route.ParkedRelease;
import io.foresell.proto.openinference.InferBatchStatistics;
import io.foresell.proto.openinference.InferStatistics;
import io.foresell.proto.openinference.ModelConfig;
import io.foresell.proto.openinference.ModelInput;
import io.foresell.proto.openinference.ModelMetadataResponse;
import io.foresell.proto.openinference.ModelOutput;
import io.foresell.proto.openinference.ModelParameter;
import io.foresell.proto.openinference.ModelStatistics;
import io.foresell.proto.openinference.ModelTransactionPolicy;
import io.foresell.proto.openinference.ModelVersionPolicy;
import io.foresell.proto.openinference.RepositoryIndexResponse.ModelIndex;
import io.foresell.proto.openinference.StatisticDuration;
import java.util.List;

/** What models say about themselves, on the wire. */
final class ModelProtos {
    private ModelProtos() {}

    static ModelMetadataResponse metadata(TensorModel model) {
        ModelMetadataResponse.Builder metadata = ModelMetadataResponse.newBuilder()
                .setName(model.name())
                .addAllVersions(model.versions())
                .setPlatform(model.platform());
        model.inputs().forEach(spec -> metadata.addInputs(tensor(spec)));
        model.outputs().forEach(spec -> metadata.addOutputs(tensor(spec)));
        return metadata.build();
    }

    private static ModelMetadataResponse.TensorMetadata tensor(TensorSpec spec) {
        return ModelMetadataResponse.TensorMetadata.newBuilder()
                .setName(spec.name())
                .setDatatype(spec.datatype().name())
                .addAllShape(spec.shape())
                .build();
    }

    static ModelConfig config(TensorModel model) {
        ModelConfig.Builder config = ModelConfig.newBuilder()
                .setName(model.name())
                .setPlatform(model.platform())
                .setBackend("foresell")
                .setMaxBatchSize(model.maxRows())
                .setModelTransactionPolicy(ModelTransactionPolicy.getDefaultInstance());
        ModelVersionPolicy.Specific.Builder versions = ModelVersionPolicy.Specific.newBuilder();
        model.versions().forEach(version -> versions.addVersions(Long.parseLong(version)));
        config.setVersionPolicy(ModelVersionPolicy.newBuilder().setSpecific(versions));
        for (TensorSpec spec : model.inputs()) {
            config.addInput(ModelInput.newBuilder()
                    .setName(spec.name())
                    .setDataType(spec.datatype().configType())
                    .addAllDims(withoutRows(spec)));
        }
        for (TensorSpec spec : model.outputs()) {
            config.addOutput(ModelOutput.newBuilder()
                    .setName(spec.name())
                    .setDataType(spec.datatype().configType())
                    .addAllDims(withoutRows(spec)));
        }
        model.facts()
                .forEach((key, value) -> config.putParameters(
                        key, ModelParameter.newBuilder().setStringValue(value).build()));
        return config.build();
    }

    private static List<Long> withoutRows(TensorSpec spec) {
        return spec.shape().subList(1, spec.shape().size());
    }

    static ModelStatistics statistics(TensorModel model) {
        CallStatistics calls = model.statistics();
        ModelStatistics.Builder statistics = ModelStatistics.newBuilder()
                .setName(model.name())
                .setVersion(model.version())
                .setLastInference(calls.lastMillis())
                .setInferenceCount(calls.rows())
                .setExecutionCount(calls.success().count())
                .setInferenceStats(InferStatistics.newBuilder()
                        .setSuccess(sum(calls.success()))
                        .setFail(sum(calls.fail()))
                        .setQueue(sum(calls.queue()))
                        .setComputeInput(sum(calls.input()))
                        .setComputeInfer(sum(calls.infer()))
                        .setComputeOutput(sum(calls.output()))
                        .setCacheHit(StatisticDuration.getDefaultInstance())
                        .setCacheMiss(StatisticDuration.getDefaultInstance()));
        for (CallStatistics.Batches batches : calls.batches()) {
            statistics.addBatchStats(InferBatchStatistics.newBuilder()
                    .setBatchSize(batches.size())
                    .setComputeInput(sum(batches.input()))
                    .setComputeInfer(sum(batches.infer()))
                    .setComputeOutput(sum(batches.output())));
        }
        return statistics.build();
    }

    private static StatisticDuration sum(CallStatistics.Sum sum) {
        return StatisticDuration.newBuilder()
                .setCount(sum.count())
                .setNs(sum.nanos())
                .build();
    }

    static ModelIndex ready(TensorModel model) {
        return ModelIndex.newBuilder()
                .setName(model.name())
                .setVersion(model.version())
                .setState("READY")
                .build();
    }

    /** A parked model answers, hence is ready; the reason says what its first call waits for. */
    static List<ModelIndex> parked(ParkedRelease release) {
        return release.versions().stream()
                .map(version -> ModelIndex.newBuilder()
                        .setName(release.model())
                        .setVersion(Integer.toString(version.version()))
                        .setState("READY")
                        .setReason("parked: loaded when asked for")
                        .build())
                .toList();
    }

    static ModelIndex notReady(VersionStatus status) {
        return ModelIndex.newBuilder()
                .setName(status.model())
                .setVersion(Integer.toString(status.version()))
                .setState(status.isFailed() ? "UNAVAILABLE" : "LOADING")
                .setReason(status.isUnloaded() ? "unloaded" : status.failure())
                .build();
    }

    static ModelIndex unloaded(String testModel) {
        return ModelIndex.newBuilder()
                .setName(testModel)
                .setVersion("1")
                .setState("UNAVAILABLE")
                .setReason("unloaded")
                .build();
    }
}
