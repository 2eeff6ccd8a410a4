package io.foresell.gateway.tensor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foresell.proto.openinference.DataType;
import io.foresell.proto.openinference.InferStatistics;
import io.foresell.proto.openinference.ModelConfig;
import io.foresell.proto.openinference.ModelMetadataResponse;
import io.foresell.proto.openinference.ModelMetadataResponse.TensorMetadata;
import io.foresell.proto.openinference.ModelStatistics;
import io.foresell.proto.openinference.ModelStatisticsResponse;
import io.foresell.proto.openinference.RepositoryIndexResponse;
import io.foresell.proto.openinference.ServerMetadataResponse;
import io.foresell.proto.openinference.StatisticDuration;
import java.util.List;

/** What server and models say about themselves, in the JSON of the protocol. */
final class ModelJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ModelJson() {}

    static ObjectNode server(ServerMetadataResponse server) {
        ObjectNode json = NODES.objectNode().put("name", server.getName()).put("version", server.getVersion());
        ArrayNode extensions = json.putArray("extensions");
        server.getExtensionsList().forEach(extensions::add);
        return json;
    }

    static ObjectNode metadata(ModelMetadataResponse model) {
        ObjectNode json = NODES.objectNode().put("name", model.getName());
        ArrayNode versions = json.putArray("versions");
        model.getVersionsList().forEach(versions::add);
        json.put("platform", model.getPlatform());
        json.set("inputs", tensors(model.getInputsList()));
        json.set("outputs", tensors(model.getOutputsList()));
        return json;
    }

    private static ArrayNode tensors(List<TensorMetadata> tensors) {
        ArrayNode json = NODES.arrayNode();
        for (TensorMetadata tensor : tensors) {
            ArrayNode shape = json.addObject()
                    .put("name", tensor.getName())
                    .put("datatype", tensor.getDatatype())
                    .putArray("shape");
            tensor.getShapeList().forEach(shape::add);
        }
        return json;
    }

    static ObjectNode config(ModelConfig config) {
        ObjectNode json = NODES.objectNode()
                .put("name", config.getName())
                .put("platform", config.getPlatform())
                .put("backend", config.getBackend());
        ArrayNode versions =
                json.putObject("version_policy").putObject("specific").putArray("versions");
        config.getVersionPolicy().getSpecific().getVersionsList().forEach(versions::add);
        json.put("max_batch_size", config.getMaxBatchSize());
        ArrayNode inputs = json.putArray("input");
        config.getInputList().forEach(input -> add(inputs, input.getName(), input.getDataType(), input.getDimsList()));
        ArrayNode outputs = json.putArray("output");
        config.getOutputList()
                .forEach(output -> add(outputs, output.getName(), output.getDataType(), output.getDimsList()));
        ObjectNode parameters = json.putObject("parameters");
        config.getParametersMap()
                .forEach((key, value) -> parameters.putObject(key).put("string_value", value.getStringValue()));
        json.putObject("model_transaction_policy")
                .put("decoupled", config.getModelTransactionPolicy().getDecoupled());
        return json;
    }

    private static void add(ArrayNode tensors, String name, DataType datatype, List<Long> dims) {
        ArrayNode json = tensors.addObject()
                .put("name", name)
                .put("data_type", datatype.name())
                .putArray("dims");
        dims.forEach(json::add);
    }

    static ObjectNode statistics(ModelStatisticsResponse response) {
        ObjectNode json = NODES.objectNode();
        ArrayNode models = json.putArray("model_stats");
        for (ModelStatistics model : response.getModelStatsList()) {
            ObjectNode one = models.addObject()
                    .put("name", model.getName())
                    .put("version", model.getVersion())
                    .put("last_inference", model.getLastInference())
                    .put("inference_count", model.getInferenceCount())
                    .put("execution_count", model.getExecutionCount());
            one.set("inference_stats", durations(model.getInferenceStats()));
            one.putObject("response_stats");
            ArrayNode batches = one.putArray("batch_stats");
            model.getBatchStatsList().forEach(batch -> {
                ObjectNode of = batches.addObject().put("batch_size", batch.getBatchSize());
                of.set("compute_input", duration(batch.getComputeInput()));
                of.set("compute_infer", duration(batch.getComputeInfer()));
                of.set("compute_output", duration(batch.getComputeOutput()));
            });
            one.putArray("memory_usage");
        }
        return json;
    }

    private static ObjectNode durations(InferStatistics statistics) {
        ObjectNode json = NODES.objectNode();
        json.set("success", duration(statistics.getSuccess()));
        json.set("fail", duration(statistics.getFail()));
        json.set("queue", duration(statistics.getQueue()));
        json.set("compute_input", duration(statistics.getComputeInput()));
        json.set("compute_infer", duration(statistics.getComputeInfer()));
        json.set("compute_output", duration(statistics.getComputeOutput()));
        json.set("cache_hit", duration(statistics.getCacheHit()));
        json.set("cache_miss", duration(statistics.getCacheMiss()));
        return json;
    }

    private static ObjectNode duration(StatisticDuration duration) {
        return NODES.objectNode().put("count", duration.getCount()).put("ns", duration.getNs());
    }

    static ArrayNode index(RepositoryIndexResponse index) {
        ArrayNode json = NODES.arrayNode();
        index.getModelsList().forEach(model -> json.addObject()
                .put("name", model.getName())
                .put("version", model.getVersion())
                .put("state", model.getState())
                .put("reason", model.getReason()));
        return json;
    }
}
