package io.foresell.inference.serve.tensor;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferRequest.InferInputTensor;
import io.foresell.proto.openinference.ModelInferRequest.InferRequestedOutputTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request whose tensors are sound in themselves; whether they fit a model is the model's to say.
 *
 * @param inputs by name, in request order
 * @param isRaw whether the elements came as raw bytes
 */
record TensorRequest(
        Map<String, InputTensor> inputs, List<RequestedOutput> outputs, InferParameters parameters, boolean isRaw) {
    private static final int MAX_CLASSES = 1000;

    /**
     * An output that a request names.
     *
     * @param classCount how many classes to answer instead of the values, best first; 0 means the values
     */
    record RequestedOutput(String name, int classCount) {}

    /**
     * Checks a request.
     *
     * @throws ServiceException INVALID_ARGUMENT naming what is wrong and what was expected
     */
    static TensorRequest of(ModelInferRequest request) {
        int count = request.getInputsCount();
        if (count == 0) {
            throw new ServiceException(Failure.invalid("INPUT_MISSING", "inputs", 0, "1 or more"));
        }
        boolean isRaw = request.getRawInputContentsCount() > 0;
        if (isRaw && request.getRawInputContentsCount() != count) {
            throw new ServiceException(Failure.invalid(
                    "RAW_COUNT",
                    "raw_input_contents",
                    request.getRawInputContentsCount(),
                    "one for each of the %d inputs".formatted(count)));
        }
        Map<String, InputTensor> inputs = new LinkedHashMap<>(2 * count);
        for (int i = 0; i < count; i++) {
            InferInputTensor tensor = request.getInputs(i);
            InputTensor input = InputTensor.of(tensor, isRaw ? raw(request, i) : null);
            if (inputs.put(tensor.getName(), input) != null) {
                throw new ServiceException(Failure.invalid(
                        "INPUT_TWICE", "inputs[%d].name".formatted(i), tensor.getName(), "each input once"));
            }
        }
        return new TensorRequest(
                inputs, outputs(request), new InferParameters("parameters", request.getParametersMap()), isRaw);
    }

    private static com.google.protobuf.@Nullable ByteString raw(ModelInferRequest request, int index) {
        InferInputTensor tensor = request.getInputs(index);
        if (tensor.getContents().getSerializedSize() > 0) {
            throw new ServiceException(Failure.invalid(
                    "CONTENTS_TWICE",
                    "inputs[%d].contents".formatted(index),
                    "set beside raw_input_contents",
                    "one of the two, the same for all inputs"));
        }
        return request.getRawInputContents(index);
    }

    private static List<RequestedOutput> outputs(ModelInferRequest request) {
        List<RequestedOutput> outputs = new ArrayList<>(request.getOutputsCount());
        for (int i = 0; i < request.getOutputsCount(); i++) {
            InferRequestedOutputTensor output = request.getOutputs(i);
            int classCount = output.getParametersCount() == 0
                    ? 0
                    : new InferParameters(
                                    "outputs['%s'].parameters".formatted(output.getName()), output.getParametersMap())
                            .count("classification", 0, MAX_CLASSES);
            for (RequestedOutput other : outputs) {
                if (other.name().equals(output.getName())) {
                    throw new ServiceException(Failure.invalid(
                            "OUTPUT_TWICE", "outputs[%d].name".formatted(i), output.getName(), "each output once"));
                }
            }
            outputs.add(new RequestedOutput(output.getName(), classCount));
        }
        return outputs;
    }

    /** Returns the rows of the first input. */
    int rowCount() {
        return inputs.values().iterator().next().rowCount();
    }
}
