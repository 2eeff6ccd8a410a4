package io.foresell.benchmarks.tensor;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.foresell.proto.openinference.InferTensorContents;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferRequest.InferInputTensor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The same tensors in each form of the protocol. */
public final class TensorRequests {
    private final List<Tensor> tensors;

    /** Makes the requests of one row. */
    public TensorRequests(List<Tensor> tensors) {
        this.tensors = List.copyOf(tensors);
    }

    /** Returns the requests with all numbers of the row in one tensor of that name, in order; texts stay on their own. */
    public TensorRequests matrix(String name) {
        List<Float> numbers = new ArrayList<>();
        List<Tensor> others = new ArrayList<>();
        for (Tensor tensor : tensors) {
            if (tensor.isText()) {
                others.add(tensor);
            } else {
                numbers.addAll(tensor.numbers());
            }
        }
        if (numbers.isEmpty()) {
            throw new IllegalArgumentException("input: %s (expected: none, the row has no numbers)".formatted(name));
        }
        others.add(0, Tensor.numbers(name, numbers));
        return new TensorRequests(others);
    }

    /** Returns the message with raw contents. */
    public ModelInferRequest raw(String model, String version) {
        ModelInferRequest.Builder request = message(model, version);
        for (Tensor tensor : tensors) {
            request.addInputs(input(tensor)).addRawInputContents(UnsafeByteOperations.unsafeWrap(tensor.raw()));
        }
        return request.build();
    }

    /** Returns the message with typed contents. */
    public ModelInferRequest typed(String model, String version) {
        ModelInferRequest.Builder request = message(model, version);
        for (Tensor tensor : tensors) {
            InferTensorContents.Builder contents =
                    InferTensorContents.newBuilder().addAllFp32Contents(tensor.numbers());
            tensor.texts().forEach(text -> contents.addBytesContents(ByteString.copyFromUtf8(text)));
            request.addInputs(input(tensor).setContents(contents));
        }
        return request.build();
    }

    private static ModelInferRequest.Builder message(String model, String version) {
        return ModelInferRequest.newBuilder().setModelName(model).setModelVersion(version);
    }

    private static InferInputTensor.Builder input(Tensor tensor) {
        return InferInputTensor.newBuilder()
                .setName(tensor.name())
                .setDatatype(tensor.datatype())
                .addShape(1)
                .addShape(tensor.width());
    }

    /** Returns the body with elements in JSON; a missing number is null. */
    public byte[] json() {
        return body(false).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A body of JSON and what follows it. */
    @SuppressWarnings("ArrayRecordComponent") // Made here and sent, never compared.
    public record BinaryBody(byte[] bytes, int jsonLength) {}

    /** Returns the body with elements behind the JSON, and asks for answers in the same way. */
    public BinaryBody binary() {
        byte[] json = body(true).toString().getBytes(StandardCharsets.UTF_8);
        ByteString body = UnsafeByteOperations.unsafeWrap(json);
        for (Tensor tensor : tensors) {
            body = body.concat(UnsafeByteOperations.unsafeWrap(tensor.raw()));
        }
        return new BinaryBody(body.toByteArray(), json.length);
    }

    private JsonObject body(boolean isBinary) {
        JsonArray inputs = new JsonArray();
        for (Tensor tensor : tensors) {
            JsonObject input = new JsonObject();
            input.addProperty("name", tensor.name());
            input.addProperty("datatype", tensor.datatype());
            input.add("shape", shape(tensor));
            if (isBinary) {
                JsonObject parameters = new JsonObject();
                parameters.addProperty("binary_data_size", tensor.raw().length);
                input.add("parameters", parameters);
            } else {
                input.add("data", data(tensor));
            }
            inputs.add(input);
        }
        JsonObject body = new JsonObject();
        if (isBinary) {
            JsonObject parameters = new JsonObject();
            parameters.addProperty("binary_data_output", true);
            body.add("parameters", parameters);
        }
        body.add("inputs", inputs);
        return body;
    }

    private static JsonArray shape(Tensor tensor) {
        JsonArray shape = new JsonArray();
        shape.add(1);
        shape.add(tensor.width());
        return shape;
    }

    private static JsonArray data(Tensor tensor) {
        JsonArray data = new JsonArray();
        tensor.texts().forEach(data::add);
        for (Float number : tensor.numbers()) {
            if (Float.isFinite(number)) {
                data.add(number);
            } else {
                data.add(JsonNull.INSTANCE);
            }
        }
        return data;
    }
}
